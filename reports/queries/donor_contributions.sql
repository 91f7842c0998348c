-- One row per contribution of a donor: its terms as they were in force.
--   $donor_id
--   $terms_on  day on which the terms are read; null: their latest version
--   $known_at  UTC time or null: what was written not after it
-- Ordered by day of signing, then contribution.
with version as (
    select
        v.*,
        row_number() over (partition by v.contribution_id
            order by case when $terms_on::date is null or v.counts_from is null or v.counts_from <= $terms_on::date then v.version else -v.version end desc) as place
    from report.contribution_versions v
    where v.donor_id = $donor_id and ($known_at::timestamp is null or v.recorded_at <= $known_at::timestamp)
)
select contribution_id, version, agreement, stage, signed_on, currency, amount, earmark, earmark_class, use_by, note
from version
where place = 1
order by signed_on nulls last, contribution_id
