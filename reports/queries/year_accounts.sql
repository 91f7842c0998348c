-- One row per account and currency: its balance at three ends, in the book's currency, and at the last also in its own.
--   $before    end of the year before last
--   $prior     end of last year
--   $as_of     last entry date of the year
--   $known_at  UTC time or null: what was written not after it
-- Ordered by account, then currency.
select account, currency, coalesce(sum(base_amount) filter (entry_date <= $before), 0) as first, coalesce(sum(base_amount) filter (entry_date <= $prior), 0) as second,
    sum(base_amount) as third, sum(amount) as amount
from report.postings
where entry_date <= $as_of and ($known_at::timestamp is null or recorded_at <= $known_at::timestamp)
group by account, currency
order by account, currency
