-- One row: the facility, its currency, and the day of the last thing that was known: an entry, a request or a round.
--   $known_at  UTC time or null: what was written not after it
with dated as (
    select entry_date as day, recorded_at from report.postings
    union all
    select requested_on, recorded_at from report.requests
    union all
    select opened_on, recorded_at from report.rounds
)
select
    b.facility, b.currency, b.places,
    coalesce((select max(day) from dated where $known_at::timestamp is null or recorded_at <= $known_at::timestamp), b.opened_on) as last_day
from report.book b
