-- New requests are converted at the rate of the day of import.
--   $on
create or replace temp table rate_needed as select currency, $on::date as on_date from request_staged where standing = 'new'
