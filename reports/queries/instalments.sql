-- One row per instalment that was known.
--   $known_at  UTC time or null: what was written not after it
-- Ordered by contribution, then day.
select contribution_id, due_on, amount
from report.instalments
where $known_at::timestamp is null or recorded_at <= $known_at::timestamp
order by contribution_id, due_on
