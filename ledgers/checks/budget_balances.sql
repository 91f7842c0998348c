-- The encumbrance accounts balance among themselves in every entry, and so do the memo accounts. One row a breach.
select 'the ' || split_part(account, ':', 1) || ' lines of entry ' || entry_id || ' are off by ' || sum(amount) as finding
from ledger.posting where account like 'budget:%' or account like 'memo:%'
group by entry_id, currency, split_part(account, ':', 1) having sum(amount) <> 0 order by finding
