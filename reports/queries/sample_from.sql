-- What a sample is drawn from: one row per entry that counts, with its value; null where it moves no money. Made once, because a large journal takes
-- seconds to be valued; the queries of the sample read it.
--   $as_of     last entry date
--   $known_at  UTC time or null: what was written not after it
create or replace temp table sample_from as
select e.entry_id, e.kind, e.reference, v.value
from report.entries e
left join report.entry_values v on v.entry_id = e.entry_id
where e.entry_date <= $as_of and ($known_at::timestamp is null or e.recorded_at <= $known_at::timestamp)
