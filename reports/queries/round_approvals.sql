-- One row per approval of a decision, in the order of time.
--   $round_id  $decision
select approver, recorded_at
from report.approvals
where round_id = $round_id and decision = $decision
order by recorded_at, approver
