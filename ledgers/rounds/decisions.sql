-- The decisions of a round in the order in which they were taken, and whether other overrides stand than they were made under.
--   $round_id
select d.decision, d.proposer, d.status, d.body, o.decision is not null as is_outdated
from ledger.decision d
left join ledger.outdated_decision o on o.round_id = d.round_id and o.decision = d.decision
where d.round_id = $round_id
order by d.position
