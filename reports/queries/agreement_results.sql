-- What the indicators of a grant agreement's request have reached, in order: the latest of each.
--   $commitment_id
select r.* from report.results r join report.commitments c using (request_id)
where c.commitment_id = $commitment_id and r.is_latest order by r.indicator
