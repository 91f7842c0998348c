-- One row per command that wrote to the book, with how many of all were asked for.
--   $since   first day that counts, UTC; null: all
--   $actors  names of who wrote; null: all
--   $last    how many of the newest; null: all
-- Ordered as they were written, the newest last.
with asked as (
    select *, row_number() over (order by log_id desc) as place, count(*) over () as found
    from report.log
    where ($since::date is null or recorded_at >= $since::date)
        and ($actors::varchar[] is null or actor in (select unnest($actors::varchar[])))
)
select log_id, recorded_at, actor, command, file, file_digest, new_count, already_count, found
from asked
where $last::bigint is null or place <= $last::bigint
order by log_id
