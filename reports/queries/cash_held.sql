-- One row per account at a bank and currency: cash held, in its currency and in the book's.
--   $as_of     last entry date
--   $known_at  UTC time or null: what was written not after it
-- Ordered by bank, then currency.
select substr(account, 12) as bank, currency, sum(amount) as balance, sum(base_amount) as base_balance
from report.postings
where account like 'asset:cash:%' and entry_date <= $as_of and ($known_at::timestamp is null or recorded_at <= $known_at::timestamp)
group by 1, 2
having sum(amount) <> 0 or sum(base_amount) <> 0
order by 1, 2
