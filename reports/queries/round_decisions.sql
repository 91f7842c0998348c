-- One row per decision of a round, in the order of solving; the JSON only of an infeasible one, which names its conflict.
--   $round_id
select
    decision, position, status, objective_name, objective, bound, gap, solver, inputs, resources, awarded, proposer, stands,
    case when status = 'infeasible' then body end as body, recorded_at
from report.decisions
where round_id = $round_id
order by position
