-- One row per override by hand that stands in some rounds.
--   $round_ids  list of the rounds
-- Ordered by round and request.
select round_id, request_id, currency, least, most, decided_by, reason, event_date
from report.round_overrides
where stands and round_id in (select unnest($round_ids::varchar[]))
order by round_id, request_id
