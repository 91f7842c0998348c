-- The decisions on a grant agreement beside its money, in order of their days.
--   $commitment_id
select * from report.grant_decisions where commitment_id = $commitment_id order by decided_on, recorded_at, decision
