-- The payments of an award sum to the award. One row a breach.
select 'round ' || a.round_id || ': ' || a.request_id || ' is awarded ' || a.amount || ' and paid ' || coalesce(sum(p.amount), 0) as finding
from ledger.award a left join ledger.payment p using (round_id, decision, request_id)
group by a.round_id, a.decision, a.request_id, a.amount having a.amount is distinct from sum(p.amount) order by finding
