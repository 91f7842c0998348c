-- Every contribution's id, in order.
select contribution_id from ledger.contribution_now order by contribution_id
