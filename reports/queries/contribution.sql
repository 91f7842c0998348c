-- One contribution as it stands: one row.
--   $contribution_id
select * from report.contributions where contribution_id = $contribution_id
