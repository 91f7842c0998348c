-- The rates that movements in other currencies need, by currency and day.
--   $base  the book's currency
create or replace temp table rate_needed as
select currency, entry_date as on_date from movement where given_base is null and currency <> $base
