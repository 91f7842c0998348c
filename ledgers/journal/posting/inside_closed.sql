-- The earliest day of a new entry that lies in a closed period, and the last day of that: at most one row.
select min(n.entry_date), any_value(c.through) from entry_in n, ledger.closed_period c where n.entry_date <= c.through having min(n.entry_date) is not null
