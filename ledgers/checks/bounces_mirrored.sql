-- A deposit that the bank took back leaves nothing of itself: its lines, those of its fee and those of the bounce sum to zero on every account. Of what it made
-- available the sum counts, wherever it is by then. One row a breach.
with line as (
    select b.deposit_id, b.contribution_id, case when p.account in ('budget:available', 'budget:conditional', 'budget:allocated') then 'what it made available' else p.account end as account,
        p.currency, p.amount, p.base_amount
    from ledger.bounce b join ledger.deposit d using (deposit_id, contribution_id) join ledger.entry own on own.entry_id = d.entry_id
    join ledger.entry e on e.reference in (own.reference, 'fee|' || own.reference) or e.entry_id = b.entry_id
    join ledger.posting p on p.entry_id = e.entry_id where p.account not in ('budget:resource', 'budget:allocated-uncollected')
)
select 'deposit ' || deposit_id || ' on ' || contribution_id || ' bounced, and leaves ' || sum(amount) || ' ' || currency || ' (' || sum(base_amount) || ' in the book''s currency) on ' || account
    as finding
from line group by deposit_id, contribution_id, account, currency having sum(amount) <> 0 or sum(base_amount) <> 0 order by finding
