-- Whether any contribution but the facility's own is in deficit: at most one row.
select 1 from ledger.contribution_available where available < 0 and contribution_id <> 'FACILITY' limit 1
