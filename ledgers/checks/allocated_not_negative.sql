-- Nothing is transferred or cancelled beyond its allocation. One row a breach.
select coalesce(p.request_id, e.purpose) || ' is allocated ' || sum(p.amount) || ' from ' || p.contribution_id as finding
from ledger.posting p join ledger.entry e using (entry_id)
where p.account = 'budget:allocated'
group by p.contribution_id, p.request_id, e.purpose having sum(p.amount) < 0 order by finding
