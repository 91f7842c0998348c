-- What is committed, in the hands of an implementer, spent or owed by it was never below zero at the end of any day, of any contribution on any agreement. One row
-- a balance that was, with its first such day.
with standing as (
    select p.commitment_id, p.contribution_id, p.account, e.entry_date as day,
        sum(sum(p.amount)) over (partition by p.commitment_id, p.contribution_id, p.account order by e.entry_date) as amount
    from ledger.posting p join ledger.entry e using (entry_id)
    where p.commitment_id is not null and p.account in ('budget:committed', 'asset:advance', 'expense:programme', 'asset:receivable:implementer', 'budget:disbursed')
    group by p.commitment_id, p.contribution_id, p.account, e.entry_date
)
select account || ' of ' || commitment_id || ' from ' || contribution_id || ' was ' || arg_min(amount, day) || ' on ' || min(day) as finding
from standing where amount < 0 group by commitment_id, contribution_id, account order by finding
