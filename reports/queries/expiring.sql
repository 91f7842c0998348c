-- One row per contribution with a use-by date and money not spent: what of it is where, in the book's currency. Terms as in force on the last day.
--   $as_of     last entry date
--   $known_at  UTC time or null: what was written not after it
-- Ordered by use-by date, then contribution.
with version as (
    select v.*, row_number() over (partition by v.contribution_id
        order by case when v.counts_from is null or v.counts_from <= $as_of then v.version else -v.version end desc) as place
    from report.contribution_versions v
    where $known_at::timestamp is null or v.recorded_at <= $known_at::timestamp
),
money as (
    select contribution_id,
        sum(case when account = 'budget:available' then amount else 0 end) as available,
        sum(case when account = 'budget:conditional' then amount else 0 end) as conditional,
        sum(case when account in ('budget:allocated', 'budget:allocated-uncollected') then amount else 0 end) as allocated,
        sum(case when account = 'budget:committed' then amount else 0 end) as committed,
        sum(case when account in ('asset:advance', 'asset:receivable:implementer') then base_amount else 0 end) as outside,
        sum(case when account in ('asset:receivable', 'asset:promissory-note') then base_amount else 0 end) as expected
    from report.postings
    where contribution_id is not null and entry_date <= $as_of and ($known_at::timestamp is null or recorded_at <= $known_at::timestamp)
    group by contribution_id
)
select v.contribution_id, v.donor, v.use_by, m.available, m.conditional, m.allocated, m.committed, m.outside, m.expected
from version v
join money m on m.contribution_id = v.contribution_id
where v.place = 1 and v.use_by is not null
order by v.use_by, v.contribution_id
