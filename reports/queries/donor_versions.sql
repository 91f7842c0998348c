-- One row per version of a donor's contributions that have more than one.
--   $donor_id
--   $known_at  UTC time or null: what was written not after it
-- Ordered by contribution, then version.
with known as (
    select *
    from report.contribution_versions
    where donor_id = $donor_id and ($known_at::timestamp is null or recorded_at <= $known_at::timestamp)
),
changed as (
    select contribution_id from known group by contribution_id having count(*) > 1
)
select k.contribution_id, k.version, k.counts_from, k.stage, k.earmark, k.use_by, k.reason, k.recorded_at, k.recorded_by
from known k
join changed on changed.contribution_id = k.contribution_id
order by k.contribution_id, k.version
