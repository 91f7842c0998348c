-- One row per decision of a round, in the order of solving; the JSON only of an infeasible one, which names its conflict, and of the
-- overrides that a decision kept, with their prices.
--   $round_id
select
    decision, position, status, objective_name, objective, bound, gap, solver, inputs, resources, awarded, proposer, stands,
    case when status = 'infeasible' then body end as body, json_extract(body, '$.overrides')::varchar as overrides, recorded_at
from report.decisions
where round_id = $round_id
order by position
