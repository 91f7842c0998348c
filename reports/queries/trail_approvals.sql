-- One row per approval of the posted decisions of some rounds.
--   $round_ids  list of the rounds
-- Ordered by round, time and name.
select a.round_id, a.approver, a.recorded_at
from report.approvals a
join report.rounds r on r.round_id = a.round_id and r.decision_posted = a.decision
where a.round_id in (select unnest($round_ids::varchar[]))
order by a.round_id, a.recorded_at, a.approver
