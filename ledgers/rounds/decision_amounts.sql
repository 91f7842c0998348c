-- The amounts of a decision as rows: its awards (contribution null) and its payments.
--   $round_id  $decision
select request_id, null as contribution_id, amount from ledger.award where round_id = $round_id and decision = $decision
union all
select request_id, contribution_id, amount from ledger.payment where round_id = $round_id and decision = $decision
order by request_id, contribution_id nulls first, amount
