-- One row per entry asked for, with who wrote it, by which command and from which file.
--   $entry_ids  list of their numbers
-- Ordered by number.
select
    e.entry_id, e.kind, e.entry_date, e.recorded_at, e.reference, e.purpose, e.narration, e.digest, e.log_id, l.actor, l.command, l.file, l.file_digest
from report.entries e
left join report.log l on l.log_id = e.log_id
where e.entry_id in (select unnest($entry_ids::bigint[]))
order by e.entry_id
