-- No contribution has given more than it has, but for what a bounced deposit took from it: that is a deficit with a name, and no fault. Nor is what the facility's own
-- line has lost on exchange and to banks. Nor has one given anything while it lacked, in the order in which the log was written. One row a breach.
with bounced as (
    select p.contribution_id, -sum(p.amount) as amount from ledger.posting p join ledger.entry e using (entry_id)
    where e.kind = 'bounce' and p.account = 'budget:available' group by p.contribution_id
),
moved as (
    select p.contribution_id, e.log_id, coalesce(sum(p.amount) filter (e.kind <> 'bounce'), 0) as given, sum(sum(p.amount)) over (partition by p.contribution_id order by e.log_id) as standing
    from ledger.posting p join ledger.entry e using (entry_id)
    where p.account = 'budget:available' and p.contribution_id in (select contribution_id from bounced) group by p.contribution_id, e.log_id
)
select contribution_id || ' is overdrawn by ' || -available as finding
from ledger.contribution_available left join bounced b using (contribution_id)
where available + coalesce(b.amount, 0) < 0 and contribution_id <> 'FACILITY'
union all
select contribution_id || ' gave ' || -given || ' with log row ' || log_id || ', and lacks ' || -standing || ' since' from moved where given < 0 and standing < 0
order by finding
