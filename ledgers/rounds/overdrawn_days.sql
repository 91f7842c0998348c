-- The contributions that a decision, just posted in this transaction, leaves overdrawn at the end of a day, though not in the end: the
-- first such day and by how much. Days before the posting are past: a bounced deposit may have left a contribution in deficit then. One row each.
--   $round_id  $decision
with posted as (
    select min(e.entry_date) as day from ledger.entry e
    where e.reference in (select 'allocation|' || round_id || '|' || request_id from ledger.payment where round_id = $round_id and decision = $decision)
),
standing as (
    select p.contribution_id, e.entry_date as day, sum(sum(p.amount)) over (partition by p.contribution_id order by e.entry_date) as available
    from ledger.posting p join ledger.entry e using (entry_id)
    where p.account = 'budget:available'
        and p.contribution_id in (select contribution_id from ledger.payment where round_id = $round_id and decision = $decision)
    group by p.contribution_id, e.entry_date
)
select contribution_id, min(day) as day, -arg_min(available, day) as over
from standing where available < 0 and day >= (select day from posted) group by contribution_id order by contribution_id
