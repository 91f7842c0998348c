-- Whether a staged disbursement names a tranche, or its agreement has any: at most one row.
select 1 from movement m where m.tranche is not null or m.commitment_id in (select t.commitment_id from ledger.tranche t) limit 1
