-- The encumbrance accounts balance among themselves in every entry. One row a breach.
select 'the budget lines of entry ' || entry_id || ' are off by ' || sum(amount) as finding
from ledger.posting where account like 'budget:%' group by entry_id having sum(amount) <> 0 order by finding
