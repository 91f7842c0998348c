-- One row per cause of exchange differences and currency: gains and losses of the year, in the book's currency.
--   $prior     end of last year
--   $as_of     last entry date of the year
--   $known_at  UTC time or null: what was written not after it
-- Ordered by cause, then currency.
select case when counts_as <> 'revaluation' then 'between signing and receipt' when contribution_id = 'FACILITY' then 'cash at the rates of a day' else 'receivables and unapplied receipts at the rates of a day' end as cause,
    currency, sum(case when account = 'income:exchange' then -base_amount else 0 end) as gains, sum(case when account = 'expense:exchange' then base_amount else 0 end) as losses
from report.postings
where account in ('income:exchange', 'expense:exchange') and entry_date > $prior and entry_date <= $as_of
    and ($known_at::timestamp is null or recorded_at <= $known_at::timestamp)
group by 1, 2
having gains <> 0 or losses <> 0
order by 1, 2
