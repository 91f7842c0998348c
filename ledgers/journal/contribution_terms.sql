-- The terms of one contribution as they stand: at most one row.
--   $contribution_id
select version, earmark, use_by, spend_from, spend_to from ledger.contribution_now where contribution_id = $contribution_id
