-- The last day of what is closed, or null: one row.
select through from ledger.closed_period
