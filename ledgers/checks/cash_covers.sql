-- Cash covers what is available, what is allocated and not yet transferred, and what is not yet applied. One row a breach.
with held as (select coalesce(sum(base_amount), 0) as amount from ledger.posting where account like 'asset:cash:%'),
owed as (
    select coalesce(sum(case when account like 'liability:%' then -base_amount else base_amount end), 0) as amount
    from ledger.posting where account in ('budget:available', 'budget:allocated', 'liability:unapplied-receipts')
)
select 'cash of ' || held.amount || ' does not cover ' || owed.amount as finding from held, owed where held.amount < owed.amount
