-- One row per award and contribution that pays it.
--   $round_id  $decision
-- Ordered by request, largest payment first.
select request_id, request_window, contribution_id, donor, donor_kind, earmark, earmark_class, amount
from report.award_payments
where round_id = $round_id and decision = $decision
order by request_id, amount desc, contribution_id
