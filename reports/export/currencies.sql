-- The currencies of amounts and base amounts, and the decimal places that the finest amount in each needs. One row a currency.
--   $as_of     last entry date
--   $known_at  UTC time or null: what was written not after it
-- Ordered by currency.
with amount as (
    select currency, amount, book_currency, base_amount from report.postings
    where entry_date <= $as_of and ($known_at::timestamp is null or recorded_at <= $known_at::timestamp)
),
either as (
    select currency, amount from amount
    union all
    select book_currency, base_amount from amount
)
select
    currency,
    max(case when amount = round(amount, 0) then 0 when amount = round(amount, 2) then 2 when amount = round(amount, 3) then 3 else 4 end) as places
from either
group by currency
order by currency
