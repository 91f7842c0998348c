-- One row per exchange rate that a posting was converted at.
--   $donor_id  whose contributions' postings; null: everyone's
--   $as_of     last entry date
--   $known_at  UTC time or null: what was written not after it
-- Ordered by currency and date.
select distinct currency, rate_date, units_per_base, rate_source
from report.postings
where rate_date is not null
    and entry_date <= $as_of
    and ($known_at::timestamp is null or recorded_at <= $known_at::timestamp)
    and ($donor_id::varchar is null or contribution_id in (select contribution_id from report.contributions where donor_id = $donor_id::varchar))
order by currency, rate_date
