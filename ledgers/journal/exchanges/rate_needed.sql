-- The rates of exchanges, and of moves between accounts, of which neither side is in the book's currency.
--   $base  the book's currency
create or replace temp table rate_needed as
select currency, exchanged_on as on_date from exchange_staged where currency <> $base and to_currency <> $base
