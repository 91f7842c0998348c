-- One row: what a forecast of cash begins with, in the book's currency.
--   $as_of     last entry date
--   $known_at  UTC time or null: what was written not after it
select
    coalesce(sum(case when account like 'asset:cash:%' then base_amount else 0 end), 0) as cash,
    coalesce(sum(case when account = 'liability:fee' then -base_amount else 0 end), 0) as fees_unpaid,
    coalesce(sum(case when account = 'liability:donor-refund' then -base_amount else 0 end), 0) as owed_to_donors,
    coalesce(sum(case when account in ('budget:allocated', 'budget:allocated-uncollected') then amount else 0 end), 0) as allocated,
    coalesce(sum(case when account = 'budget:committed' then amount else 0 end), 0) as committed
from report.postings
where entry_date <= $as_of and ($known_at::timestamp is null or recorded_at <= $known_at::timestamp)
