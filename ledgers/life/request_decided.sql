-- Whether a posted round had a request among those that it decided on, and what it awarded: at most one row.
--   $round_id  $request_id
select s.state, coalesce(a.amount, 0) as awarded
from ledger.round_request r join ledger.round_state s using (round_id)
left join ledger.award a on a.round_id = r.round_id and a.request_id = r.request_id and a.decision = s.decision
where r.round_id = $round_id and r.request_id = $request_id
