-- No contribution has given more than it has, but for what a bounced deposit took from it: that is a deficit with a name, and no fault. Nor is what the facility's own
-- line has lost on exchange and to banks. One row a breach.
with bounced as (
    select p.contribution_id, -sum(p.amount) as amount from ledger.posting p join ledger.entry e using (entry_id)
    where e.kind = 'bounce' and p.account = 'budget:available' group by p.contribution_id
)
select contribution_id || ' is overdrawn by ' || -available as finding
from ledger.contribution_available left join bounced b using (contribution_id)
where available + coalesce(b.amount, 0) < 0 and contribution_id <> 'FACILITY' order by finding
