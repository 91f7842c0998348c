-- One row per decision of a round, in the order of solving.
--   $round_id
select
    decision, position, status, objective_name, objective, bound, gap, solver, inputs, resources, awarded, proposer, stands, recorded_at
from report.decisions
where round_id = $round_id
order by position
