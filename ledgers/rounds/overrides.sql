-- The overrides of a round in the order in which they were made; the latest of a request counts.
--   $round_id
select position, request_id, is_lifted, least, most, decided_by, reason, event_date, recorded_at
from ledger.round_override where round_id = $round_id order by position
