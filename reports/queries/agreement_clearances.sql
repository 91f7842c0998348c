-- What was found of the implementer of a grant agreement, in order: the latest of each kind.
--   $commitment_id
select k.* from report.clearances k join report.commitments c using (implementer)
where c.commitment_id = $commitment_id and k.is_latest order by k.clearance
