-- The instalments of a contribution, in order.
--   $contribution_id
select * from report.instalments where contribution_id = $contribution_id order by due_on
