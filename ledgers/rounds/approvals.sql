-- Who approved a decision, in order of their names.
--   $round_id  $decision
select approver_id, approver, recorded_at from ledger.approval where round_id = $round_id and decision = $decision order by approver_id
