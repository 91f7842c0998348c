-- How amounts, moments and words stand in a text ledger: macros, for this connection only. None of them ever makes one text of two.

-- An amount with so many decimal places; `currencies.sql` finds how many lose nothing.
create or replace temp macro ledger_amount(amount, places) as
    substr(amount::decimal(38, 4)::varchar, 1, length(amount::decimal(38, 4)::varchar) - 4 + places - (places = 0)::integer);

-- A moment, UTC, as `--known-at` takes it.
create or replace temp macro ledger_moment(moment) as strftime(moment, '%Y-%m-%dT%H:%M:%S.%fZ');

-- A text of beancount, with its quotation marks.
create or replace temp macro beancount_text(words) as
    '"' || replace(replace(replace(replace(words, '\', '\\'), '"', '\"'), chr(10), '\n'), chr(13), '\r') || '"';

-- A tag or link of beancount, without its sign. Letters and digits of ASCII, - and _ stand as they are, | is /, any other character is its
-- number in hexadecimal between two points.
create or replace temp macro beancount_link(words) as
    case when regexp_full_match(words, '[A-Za-z0-9|_-]*') then replace(words, '|', '/')
        else array_to_string(list_transform(string_split(words, ''), lambda sign:
            case when sign = '|' then '/' when regexp_full_match(sign, '[A-Za-z0-9_-]') then sign
                else '.' || printf('%X', unicode(sign)) || '.' end), '') end;

-- A text within a line of hledger. `odd` is a regular expression of what hledger would read as its own: such a character is %XX for each byte of
-- its UTF-8, and so is a space at either end, which would be lost, and a % that stands before two hexadecimal digits already.
create or replace temp macro hledger_signs(words, odd) as
    array_to_string(list_transform(string_split(words, ''), lambda sign, place:
        case when regexp_matches(sign, odd) or place in (1, length(words)) and regexp_matches(sign, '\p{Z}')
            then regexp_replace(hex(sign), '(..)', '%\1', 'g') else sign end), '');
create or replace temp macro hledger_words(words, odd) as
    case when regexp_matches(words, odd || '|%[0-9A-Fa-f]{2}|^\p{Z}|\p{Z}$')
        then hledger_signs(regexp_replace(words, '%([0-9A-Fa-f]{2})', '%25\1', 'g'), odd) else words end;

-- A payee or a narration; the code of an entry, which ends at a bracket; the value of a tag, which ends at a comma and is a date in square brackets.
create or replace temp macro hledger_text(words) as hledger_words(words, '[\p{C}\p{Zl}\p{Zp};|]');
create or replace temp macro hledger_code(words) as hledger_words(words, '[\p{C}\p{Zl}\p{Zp}()]');
create or replace temp macro hledger_value(words) as hledger_words(words, '[\p{C}\p{Zl}\p{Zp},\[\]]');
