-- One row per kind of fee: charged and taken in the year, and still to be taken at its end, in the book's currency.
--   $prior     end of last year
--   $as_of     last entry date of the year
--   $known_at  UTC time or null: what was written not after it
-- Ordered by kind.
with seen as (
    select *, case when account = 'liability:fee' then 'administration' else substr(account, 13) end as fee
    from report.postings
    where (account like 'expense:fee:%' or account = 'liability:fee') and entry_date <= $as_of and ($known_at::timestamp is null or recorded_at <= $known_at::timestamp)
)
select fee, coalesce(sum(case when account <> 'liability:fee' then base_amount end) filter (entry_date > $prior), 0) as charged,
    coalesce(sum(case when account = 'liability:fee' and counts_as = 'fee-payment' then base_amount when account <> 'liability:fee' and fee <> 'administration' then base_amount end)
        filter (entry_date > $prior), 0) as taken,
    sum(case when account = 'liability:fee' then -base_amount else 0 end) as payable
from seen
group by fee
order by fee
