-- One row: how many entries and postings there are.
--   $as_of     last entry date
--   $known_at  UTC time or null: what was written not after it
select count(distinct entry_id) as entries, count(*) as postings
from report.postings
where entry_date <= $as_of and ($known_at::timestamp is null or recorded_at <= $known_at::timestamp)
