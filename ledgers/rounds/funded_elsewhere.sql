-- The requests that a decision awards and that have money allocated already. One row each.
--   $round_id  $decision
select a.request_id, sum(f.allocated) as allocated
from ledger.award a join ledger.contribution_request f using (request_id)
where a.round_id = $round_id and a.decision = $decision
group by a.request_id order by a.request_id
