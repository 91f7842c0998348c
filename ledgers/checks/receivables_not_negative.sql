-- No more is received on a contribution than was signed. One row a breach.
select 'receivable of ' || contribution_id || ' is ' || sum(amount) || ' ' || currency as finding
from ledger.posting where account = 'asset:receivable' group by contribution_id, currency having sum(amount) < 0 order by finding
