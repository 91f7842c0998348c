-- The days on which the new contributions need a rate: their signing, or the day of import for a pledge without a date.
--   $on  date of import
create or replace temp table rate_needed as
select currency, coalesce(signed_on, $on::date) as on_date from contribution_staged where standing in ('new', 'signing')
