-- One row: how many entries the book has and how many of them count, the number of the first that does not, and of the last that does.
--   $as_of     last entry date
--   $known_at  UTC time or null: what was written not after it
with judged as (
    select entry_id, entry_date <= $as_of and ($known_at::timestamp is null or recorded_at <= $known_at::timestamp) as counts
    from report.entries
)
select
    count(*) as entries, coalesce(sum(case when counts then 1 else 0 end), 0) as counted, min(case when not counts then entry_id end) as first_left_out,
    max(case when counts then entry_id end) as last_counted
from judged
