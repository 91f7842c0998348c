-- The versions of a contribution's terms, in order.
--   $contribution_id
select * from report.contribution_versions where contribution_id = $contribution_id order by version
