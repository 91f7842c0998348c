-- The deposits on a contribution, in order.
--   $contribution_id
select * from report.deposits where contribution_id = $contribution_id order by received_on, deposit_id
