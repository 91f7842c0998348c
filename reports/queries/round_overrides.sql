-- One row per override of a round, in the order in which they were made.
--   $round_id
select position, request_id, title, least, most, is_lifted, stands, decided_by, reason, event_date
from report.round_overrides
where round_id = $round_id
order by position
