-- No contribution has given more than it has. One row a breach.
select contribution_id || ' is overdrawn by ' || -available as finding from ledger.contribution_available where available < 0 order by finding
