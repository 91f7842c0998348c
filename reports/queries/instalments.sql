-- One row per instalment that was known, of the version that counts on the day: the latest whose day has come and that was written by then.
--   $as_of     last day
--   $known_at  UTC time or null: what was written not after it
-- Ordered by contribution, then day.
with known as (
    select *
    from report.instalment_versions
    where coalesce(counts_from <= $as_of, true) and ($known_at::timestamp is null or recorded_at <= $known_at::timestamp)
),
latest as (
    select contribution_id, max(version) as version from known group by contribution_id
)
select k.contribution_id, k.due_on, k.amount
from known k
join latest on latest.contribution_id = k.contribution_id and latest.version = k.version
order by k.contribution_id, k.due_on
