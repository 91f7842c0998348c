-- What a decision's rows say beside its amounts: its figures, its reasons and its limits, each as the texts of one row of its JSON.
--   $round_id  $decision
select 'figures' as part, '' as whose, 0 as position, concat_ws('|', objective_name, objective, coalesce(bound, ''), inputs, solver, status,
    resources::decimal(18, 4)::varchar, awarded::decimal(18, 4)::varchar) as said
from ledger.decision where round_id = $round_id and decision = $decision
union all
select 'reason', request_id, position, concat_ws('|', kind, sentence) from ledger.refusal where round_id = $round_id and decision = $decision
union all
select 'limit', '', position, concat_ws('|', limit_name, side, bound::varchar, actual::varchar, unit, case when binding then 'binding' else 'free' end)
from ledger.limit_outcome where round_id = $round_id and decision = $decision
order by part, whose, position, said
