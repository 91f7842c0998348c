-- One row per decision of a round, in the order of solving; the JSON only of an infeasible one, which names its conflict, of the
-- overrides that a decision kept, with their prices, and of its objectives step by step; and what exact fractions prove.
--   $round_id
select
    decision, position, status, objective_name, objective, bound, gap, solver, inputs, resources, awarded, proposer, stands,
    case when status = 'infeasible' then body end as body, json_extract(body, '$.overrides')::varchar as overrides,
    json_extract(body, '$.stages')::varchar as stages,
    coalesce(json_extract_string(body, '$.certified_bound_exact'), json_extract_string(body, '$.certified_bound')) as certified_bound,
    coalesce(json_extract_string(body, '$.objective_exact'), json_extract_string(body, '$.objective')) as objective_exact, recorded_at
from report.decisions
where round_id = $round_id
order by position
