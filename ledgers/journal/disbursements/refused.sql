-- What the book refuses in the staged disbursements besides what any movement on a grant is refused for. One row a finding.
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
),
flagged as (
    select commitment_id, arg_max(is_lifted, position) as is_lifted, arg_max(reason, position) as reason, arg_max(flagged_on, position) as flagged_on
    from ledger.audit_flag group by commitment_id
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
union all
select 'audit-flagged', 'error', m.file, m.line, 'commitment_id', m.commitment_id,
    'an audit flag of ' || f.flagged_on || ' stops commitment ' || m.commitment_id || ': ' || f.reason, 'lift it with `facility grant unflag ' || m.commitment_id
        || '`, or set it aside by name with `facility grant override ' || m.commitment_id || ' audit-flag`'
from movement_standing m join flagged f using (commitment_id)
where m.standing = 'new' and not f.is_lifted and not exists (select 1 from override_in_force o where o.reference = m.reference and o.rule = 'audit-flag')
union all
select 'clearance-missing', 'error', m.file, m.line, 'commitment_id', m.commitment_id,
    'nothing goes out to ' || m.party_id || ' without its clearance: ' || string_agg(l.told, '; ' order by l.clearance),
    'bring the clearance in with `facility import clearances`, or set the rule aside by name with `facility grant override ' || m.commitment_id || ' clearance`'
from movement_standing m join clearance_lacking l using (reference)
where m.standing = 'new' and not exists (select 1 from override_in_force o where o.reference = m.reference and o.rule = 'clearance')
group by m.file, m.line, m.party_id, m.commitment_id
union all
select 'contribution-in-deficit', 'error', m.file, m.line, 'commitment_id', m.commitment_id,
    'commitment ' || m.commitment_id || ' is paid by a contribution in deficit: ' || string_agg(d.contribution_id || ' lacks ' || ledger.printed(-d.available, $base), ', ' order by d.contribution_id),
    'wait until the donor has made it good, or set the rule aside by name with `facility grant override ' || m.commitment_id || ' deficit`'
from movement_standing m
join (select distinct commitment_id, contribution_id from ledger.posting where account = 'budget:committed') p using (commitment_id)
join ledger.contribution_available d on d.contribution_id = p.contribution_id and d.available < 0
where m.standing = 'new' and d.contribution_id <> 'FACILITY' and not exists (select 1 from override_in_force o where o.reference = m.reference and o.rule = 'deficit')
group by m.file, m.line, m.commitment_id
order by 3, 4, 5, 1, 7
