-- What the postings of each account sum to, by currency, or in the book's currency alone. One row an account and currency.
--   $as_of     last entry date
--   $known_at  UTC time or null: what was written not after it
--   $in_base   whether the base amounts are summed, in the book's currency
-- Nothing of the lines of a ledger is read here, so that its assertions can find them wrong. Ordered by account and currency.
select
    account, case when $in_base::boolean then book_currency else currency end as currency,
    sum(case when $in_base::boolean then base_amount else amount end) as balance, min(entry_date) as first_day
from report.postings
where entry_date <= $as_of and ($known_at::timestamp is null or recorded_at <= $known_at::timestamp)
group by 1, 2
order by 1, 2
