-- Nothing is transferred, cancelled or collected beyond its allocation. One row a breach.
select coalesce(p.request_id, e.purpose) || case p.account when 'budget:allocated' then ' is allocated ' else ' waits for ' end || sum(p.amount)
    || ' from ' || p.contribution_id as finding
from ledger.posting p join ledger.entry e using (entry_id)
where p.account in ('budget:allocated', 'budget:allocated-uncollected')
group by p.account, p.contribution_id, p.request_id, e.purpose having sum(p.amount) < 0 order by finding
