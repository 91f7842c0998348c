-- One row per instalment of the latest version of a contribution's, in order.
--   $contribution_id
select due_on, amount from ledger.instalment_now where contribution_id = $contribution_id order by due_on
