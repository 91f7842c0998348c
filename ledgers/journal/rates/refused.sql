-- What the book refuses in the staged rates. One row a finding.
--   $base  the book's currency
select 'rate-conflict', 'error', file, line, 'units_per_base', units_per_base::varchar,
    'the book already has ' || known::varchar || ' ' || currency || ' per ' || $base || ' on ' || rate_date::varchar,
    'rates are immutable: correct the row, or give another date'
from rate_staged where standing = 'conflict'
union all
select 'rate-of-base', 'error', file, line, 'currency', currency, currency || ' is the book''s own currency', 'leave the row out'
from rate_staged where currency = $base
order by 3, 4, 5, 1, 7
