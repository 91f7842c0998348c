-- The recusals that a round's merits took into account, with how many scores of each reviewer did not count. In order of request.
--   $round_id
select k.request_id, k.reviewer, count(s.request_id) as scores
from ledger.recusal k join ledger.round_request f using (request_id) join ledger.round r using (round_id)
left join ledger.score s on s.request_id = k.request_id and lower(s.reviewer) = lower(k.reviewer) and s.log_id < r.log_id
where f.round_id = $round_id and k.log_id < r.log_id
group by k.request_id, k.reviewer order by k.request_id, k.reviewer
