-- What the plan of tranches of an agreement refuses in the staged disbursements. One row a finding.
--   $base  the book's currency
with planned as (select commitment_id, count(*) as tranches from ledger.tranche group by commitment_id),
-- What went out on each tranche, entries taken back not counted.
gone as (
    select v.commitment_id, v.tranche, sum(v.base_amount) as amount
    from ledger.movement v where v.kind = 'disbursement' and v.tranche is not null and not exists (select 1 from ledger.reversal r where r.reversed_entry_id = v.entry_id)
    group by v.commitment_id, v.tranche
),
asked as (select commitment_id, tranche, sum(base_amount) as amount from entry_in where tranche is not null group by commitment_id, tranche),
told as (
    select v.file, v.line, v.commitment_id, v.tranche, ledger.printed(t.amount - coalesce(g.amount, 0), $base) as had, ledger.printed(a.amount, $base) as asked
    from entry_in v join ledger.tranche t on t.commitment_id = v.commitment_id and t.tranche = v.tranche
    join asked a on a.commitment_id = v.commitment_id and a.tranche = v.tranche
    left join gone g on g.commitment_id = v.commitment_id and g.tranche = v.tranche
    where coalesce(g.amount, 0) + a.amount > t.amount
)
select 'tranche-missing', 'error', m.file, m.line, 'tranche', null, 'commitment ' || m.commitment_id || ' goes out in ' || p.tranches || ' tranches, and the row names none', 'name the tranche'
from movement_standing m join planned p using (commitment_id) where m.standing = 'new' and m.tranche is null
union all
select 'tranche-unknown', 'error', m.file, m.line, 'tranche', m.tranche::varchar, 'commitment ' || m.commitment_id || ' has no tranche ' || m.tranche, 'correct it, or import the plan with `facility import tranches`'
from movement_standing m where m.standing = 'new' and m.tranche is not null and exists (select 1 from ledger.commitment c where c.commitment_id = m.commitment_id)
    and not exists (select 1 from ledger.tranche t where t.commitment_id = m.commitment_id and t.tranche = m.tranche)
union all
select 'tranche-exceeded', 'error', file, line, 'amount', asked,
    'tranche ' || tranche || ' of ' || commitment_id || ' has ' || had || ' left, and ' || asked || ' is asked',
    'correct the amount; a later tranche is a disbursement of its own'
from told
union all
select 'tranche-condition-unmet', 'error', m.file, m.line, 'tranche', m.tranche::varchar,
    'tranche ' || m.tranche || ' of ' || m.commitment_id || ' waits for: ' || t.condition, 'record that it is met with `facility grant condition-met ' || m.commitment_id || ' ' || m.tranche || '`, or set it aside by name with `facility grant override '
        || m.commitment_id || ' tranche-condition`'
from movement_standing m join ledger.tranche t on t.commitment_id = m.commitment_id and t.tranche = m.tranche
where m.standing = 'new' and t.condition is not null
    and not exists (select 1 from ledger.tranche_condition k where k.commitment_id = m.commitment_id and k.tranche = m.tranche and k.met_on <= m.entry_date)
    and not exists (select 1 from override_in_force o where o.reference = m.reference and o.rule = 'tranche-condition')
order by 3, 4, 5, 1, 7
