-- The entry of each new opening balance, and its lines: money against the opening equity, encumbrances against the resources. What was received of a contribution goes at
-- the value that its agreement has in the book.
--   $base  the book's currency    $places  its decimal places    `discharge_basis`, `rate_in_force`
create or replace temp table opening_valued as
with laid as (
    select s.*, b.outstanding, b.base_outstanding, sum(s.amount) over (partition by s.contribution_id, s.item order by s.opening_id) as upto, r.rate_id, r.units_per_base
    from opening_staged s
    left join discharge_basis b on b.contribution_id = s.contribution_id and b.account = 'asset:receivable'
    left join rate_in_force r on r.currency = s.currency and r.on_date = s.as_of
    where s.standing = 'new'
)
select * exclude (base_amount), base_amount as given_base, case
    when item = 'received' then ledger.portion(base_outstanding, ledger.grains(upto), ledger.grains(outstanding), $places::integer)
        - ledger.portion(base_outstanding, ledger.grains(upto - amount), ledger.grains(outstanding), $places::integer)
    when base_amount is not null then base_amount when currency = $base then amount else ledger.converted(amount, units_per_base, $places::integer) end::decimal(18, 4) as base_amount
from laid;

create or replace temp table new_entry as
select reference, 'opening' as kind, as_of as entry_date, null::varchar as purpose,
    'opening balance: ' || item || coalesce(' of ' || contribution_id, '') || coalesce(' for ' || request_id, '') || coalesce(', agreement ' || commitment_id, '') as narration
from opening_valued;

create or replace temp table new_posting as
with pattern(item, line, account, side, is_agreements) as (values
    ('cash', 1, 'cash', 1, false), ('cash', 2, 'equity:opening', -1, false),
    ('received', 1, 'equity:opening', 1, false), ('received', 2, 'asset:receivable', -1, false),
    ('unapplied', 1, 'equity:opening', 1, false), ('unapplied', 2, 'liability:unapplied-receipts', -1, false),
    ('available', 1, 'budget:available', 1, false), ('available', 2, 'budget:resource', -1, false),
    ('allocated', 1, 'budget:allocated', 1, false), ('allocated', 2, 'budget:resource', -1, false),
    ('committed', 1, 'budget:committed', 1, true), ('committed', 2, 'budget:resource', -1, false),
    ('advance', 1, 'asset:advance', 1, true), ('advance', 2, 'equity:opening', -1, false), ('advance', 3, 'budget:disbursed', 1, true), ('advance', 4, 'budget:resource', -1, false),
    ('spent', 1, 'expense:programme', 1, true), ('spent', 2, 'equity:opening', -1, false), ('spent', 3, 'budget:disbursed', 1, true), ('spent', 4, 'budget:resource', -1, false),
    ('fees', 1, 'equity:opening', 1, false), ('fees', 2, 'liability:fee', -1, false),
    ('owed-to-donor', 1, 'equity:opening', 1, false), ('owed-to-donor', 2, 'liability:donor-refund', -1, false)
)
select v.reference, p.line, case p.account when 'cash' then 'asset:cash:' || coalesce(v.bank, 'main') else p.account end as account, v.currency,
    (p.side * v.amount)::decimal(18, 4) as amount, (p.side * v.base_amount)::decimal(18, 4) as base_amount, v.rate_id, v.contribution_id, v.request_id,
    coalesce(v.implementer, v.donor_id) as party_id, case when p.is_agreements then v.commitment_id end as commitment_id
from opening_valued v join pattern p using (item);
