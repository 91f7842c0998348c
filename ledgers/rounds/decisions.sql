-- The decisions of a round in the order in which they were taken.
--   $round_id
select decision, proposer, status, body from ledger.decision where round_id = $round_id order by position
