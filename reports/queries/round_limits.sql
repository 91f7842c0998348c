-- One row per side of each limit of a decision, by name.
--   $round_id  $decision
select limit_name, side, bound, actual, unit, currency, binding
from report.limits
where round_id = $round_id and decision = $decision
order by position
