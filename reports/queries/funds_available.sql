-- One row: what of the facility's totals no contribution tells alone, in the book's currency, each a sum of postings.
--   $as_of     last entry date
--   $known_at  UTC time or null: what was written not after it
select
    coalesce(sum(case when account like 'asset:cash:%' then base_amount else 0 end), 0) as cash,
    coalesce(sum(case when account in ('budget:allocated', 'budget:committed') then amount else 0 end), 0) as pending,
    coalesce(sum(case when account = 'liability:fee' then -base_amount else 0 end), 0) as fees_unpaid
from report.postings
where entry_date <= $as_of
    and ($known_at::timestamp is null or recorded_at <= $known_at::timestamp)
