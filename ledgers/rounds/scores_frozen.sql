-- The scores of a round's requests that the book had when the round was opened. One row a (request, reviewer, criterion), in that order.
--   $round_id
select s.request_id, s.reviewer, s.criterion, s.score
from ledger.score s
join ledger.round_request f using (request_id)
join ledger.round o on o.round_id = f.round_id and s.log_id <= o.log_id
where f.round_id = $round_id
order by s.request_id, s.reviewer, s.criterion
