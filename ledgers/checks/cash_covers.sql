-- Cash covers what is available or waits for a condition, what is allocated or committed and not yet transferred, what is not yet applied, and what is owed for fees and
-- to donors; a contribution in deficit lacks what it lacks. One row a breach.
with held as (select coalesce(sum(base_amount), 0) as amount from ledger.posting where account like 'asset:cash:%'),
owed as (
    select coalesce(sum(case when account like 'liability:%' then -base_amount else base_amount end), 0) as amount
    from ledger.posting
    where account in ('budget:available', 'budget:conditional', 'budget:allocated', 'budget:committed', 'liability:unapplied-receipts', 'liability:fee', 'liability:donor-refund')
)
select 'cash of ' || held.amount || ' does not cover ' || owed.amount as finding from held, owed where held.amount < owed.amount
