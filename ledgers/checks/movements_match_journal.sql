-- Every movement is one entry of its kind, its amount is what the entry moved, and every agreement and every report of expenditure is such a movement. One row a breach.
with main(kind, account, side) as (values
    ('commitment', 'budget:committed', 1), ('release', 'budget:committed', -1), ('disbursement', 'asset:advance', 1), ('expenditure', 'expense:programme', 1),
    ('expenditure-replaced', 'expense:programme', -1), ('refund', 'asset:advance', -1), ('disallowance', 'asset:receivable:implementer', 1),
    ('recovery', 'asset:receivable:implementer', -1), ('interest', 'budget:available', 1), ('implementer-interest', 'budget:available', 1),
    ('bank-charge', 'budget:available', -1), ('administration', 'budget:allocated', 1), ('cancellation', 'budget:allocated', -1), ('lapse', 'budget:allocated-uncollected', -1), ('transfer', 'budget:disbursed', 1),
    ('direct-cost', 'budget:disbursed', 1), ('fee-payment', 'liability:fee', 1), ('return', 'budget:available', -1), ('donor-refund', 'liability:donor-refund', 1)
),
moved as (
    select p.entry_id, sum(n.side * p.base_amount) as amount, bool_and(p.commitment_id is not distinct from m.commitment_id) as is_of_it
    from ledger.movement m join main n using (kind) join ledger.posting p on p.entry_id = m.entry_id and p.account = n.account
    group by p.entry_id
)
select 'movement ' || m.movement_id || ' of ' || m.base_amount || ' stands in the journal with ' || coalesce(v.amount, 0) as finding
from ledger.movement m join main n using (kind) left join moved v using (entry_id) where m.base_amount is distinct from v.amount
union all
select 'movement ' || m.movement_id || ' is of ' || m.commitment_id || ', and its lines are not' from ledger.movement m join moved v using (entry_id)
where m.commitment_id is not null and not v.is_of_it
union all
select 'movement ' || m.movement_id || ' (' || m.kind || ') has no entry of its kind' from ledger.movement m
where not exists (select 1 from ledger.entry e where e.entry_id = m.entry_id and e.kind = m.kind)
union all
select 'entry ' || entry_id || ' is ' || count(*) || ' movements' from ledger.movement group by entry_id having count(*) > 1
union all
select 'entry ' || e.entry_id || ' (' || e.kind || ') has no movement' from ledger.entry e
where e.kind in ('commitment', 'release', 'disbursement', 'expenditure', 'expenditure-replaced', 'refund', 'disallowance', 'recovery', 'return', 'donor-refund', 'reversal')
    and not exists (select 1 from ledger.movement m where m.entry_id = e.entry_id)
union all
select 'agreement ' || c.commitment_id || ' of ' || c.amount || ' stands in the journal with ' || coalesce(m.base_amount, o.base_amount, 0)
from ledger.commitment c left join ledger.movement m on m.kind = 'commitment' and m.commitment_id = c.commitment_id
left join (select commitment_id, sum(base_amount) as base_amount from ledger.opening group by commitment_id) o on o.commitment_id = c.commitment_id
where c.amount is distinct from coalesce(m.base_amount, o.base_amount)
union all
select 'expenditure ' || m.movement_id || ' of ' || m.base_amount || ' is reported with ' || coalesce((x.base_direct + x.base_indirect)::varchar, 'nothing')
from ledger.movement m left join ledger.expenditure x using (entry_id) where m.kind = 'expenditure' and m.base_amount is distinct from x.base_direct + x.base_indirect
order by finding
