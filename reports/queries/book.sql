-- One row: the facility, its currency, and the day of the last thing that was known: an entry, a request or a round.
--   $known_at  UTC time or null: what was written not after it
select
    b.facility, b.currency, b.places,
    coalesce((select max(day) from report.days where $known_at::timestamp is null or recorded_at <= $known_at::timestamp), b.opened_on) as last_day
from report.book b
