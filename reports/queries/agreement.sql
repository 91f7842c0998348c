-- One grant agreement as it stands: one row.
--   $commitment_id
select * from report.commitments where commitment_id = $commitment_id
