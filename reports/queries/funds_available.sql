-- One row: the facility's totals in the book's currency, each a sum of postings.
--   $as_of     last entry date
--   $known_at  UTC time or null: what was written not after it
select
    coalesce(sum(case when account = 'income:contribution' then -base_amount else 0 end), 0) as contributions,
    coalesce(sum(case when account = 'memo:pledge' then base_amount else 0 end), 0) as pledges,
    coalesce(sum(case when account like 'asset:cash:%' and kind = 'deposit' then base_amount else 0 end), 0) as receipts,
    coalesce(sum(case when account = 'income:interest' then -base_amount else 0 end), 0) as interest,
    coalesce(sum(case when account = 'asset:receivable' then base_amount else 0 end), 0) as receivable,
    coalesce(sum(case when account in ('income:exchange', 'expense:exchange') then -base_amount else 0 end), 0) as exchange,
    coalesce(sum(case when account = 'liability:unapplied-receipts' then -base_amount else 0 end), 0) as unapplied,
    coalesce(sum(case when account like 'asset:cash:%' then base_amount else 0 end), 0) as cash,
    coalesce(sum(case when account in ('budget:allocated', 'budget:committed') then amount else 0 end), 0) as pending,
    coalesce(sum(case when account = 'budget:allocated-uncollected' then amount else 0 end), 0) as uncollected,
    coalesce(sum(case when account = 'budget:available' then amount else 0 end), 0) as available
from report.postings
where entry_date <= $as_of
    and ($known_at::timestamp is null or recorded_at <= $known_at::timestamp)
