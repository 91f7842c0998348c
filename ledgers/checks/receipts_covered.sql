-- No more of a deposit is applied later than it left unapplied, in its currency or in the book's, and nothing of one that bounced. One row a breach.
with applied as (
    select deposit_id, from_contribution_id as contribution_id, sum(amount) as amount, sum(base_amount) as base_amount
    from ledger.application a where not exists (select 1 from ledger.reversal r where r.reversed_entry_id = a.entry_id) group by all
),
waited as (
    select d.deposit_id, d.contribution_id, -coalesce(sum(p.amount), 0) as amount, -coalesce(sum(p.base_amount), 0) as base_amount
    from ledger.deposit d left join ledger.posting p on p.entry_id = d.entry_id and p.account = 'liability:unapplied-receipts'
    where not exists (select 1 from ledger.bounce b where b.deposit_id = d.deposit_id and b.contribution_id = d.contribution_id) group by d.deposit_id, d.contribution_id
)
select 'of deposit ' || a.deposit_id || ' on ' || a.contribution_id || ' ' || a.amount || ' is applied (' || a.base_amount || ' in the book''s currency), and '
    || coalesce(w.amount, 0) || ' (' || coalesce(w.base_amount, 0) || ') waited' as finding
from applied a left join waited w using (deposit_id, contribution_id)
where a.amount > coalesce(w.amount, 0) or a.base_amount > coalesce(w.base_amount, 0) order by finding
