-- One row per exchange rate that a posting was converted at.
--   $as_of     last entry date
--   $known_at  UTC time or null: what was written not after it
-- Ordered by currency and date.
select distinct currency, rate_date, units_per_base, rate_source
from report.postings
where rate_date is not null
    and entry_date <= $as_of
    and ($known_at::timestamp is null or recorded_at <= $known_at::timestamp)
order by currency, rate_date
