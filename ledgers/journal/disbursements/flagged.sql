-- Whether the agreement of a staged disbursement was ever flagged: at most one row.
select 1 from movement m where m.commitment_id in (select f.commitment_id from ledger.audit_flag f) limit 1
