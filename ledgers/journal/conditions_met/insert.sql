-- Adds the new rows.
--   $log_id
insert into ledger.tranche_condition
select commitment_id, tranche, met_on, source, content_digest, $log_id from condition_met_staged where standing = 'new' order by commitment_id, tranche
