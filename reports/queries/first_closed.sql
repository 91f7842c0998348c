-- One row where a day was closed at some time: when that was written first, and why.
--   $through   the day
--   $known_at  UTC time or null: what was written not after it
-- Ordered by closing; the first only.
select recorded_at, reason, decided_by
from report.periods
where event = 'closed' and through >= $through and ($known_at::timestamp is null or recorded_at <= $known_at::timestamp)
order by position
limit 1
