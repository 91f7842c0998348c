-- Adds the new rows.
--   $log_id
insert into ledger.tranche
select commitment_id, tranche, due_on, amount, condition, content_digest, $log_id from tranche_staged where standing = 'new' order by commitment_id, tranche
