-- What the book refuses in the staged expenditures besides what any movement on a grant is refused for. One row a finding. Indirect cost goes down to the unit, as
-- `expenditures/insert` keeps it.
--   $base  the book's currency    $places  its decimal places
with given as (
    select m.reference, m.party_id, m.base_amount as base_total, m.base_amount - ledger.amount_of(ledger.grains(m.base_amount) * ledger.grains(coalesce(s.indirect, 0))
            // (ledger.grains(m.amount) * ledger.grains_per_unit($places::integer)) * ledger.grains_per_unit($places::integer)) as base_direct,
        s.*, c.ends_on, c.starts_on, c.indirect_max
    from entry_in m join staged s on s.expenditure_id = m.movement_id join ledger.commitment_now c on c.commitment_id = s.commitment_id
),
standing as (
    select x.*, v.commitment_id, v.movement_id from ledger.expenditure x join ledger.movement v using (entry_id)
    where not exists (select 1 from ledger.reversal r where r.reversed_entry_id = x.entry_id)
),
-- Direct and indirect cost of each agreement with this batch and without what it replaces, in the book's currency.
cost as (
    select commitment_id, sum(direct) as direct, sum(indirect) as indirect from (
        select commitment_id, base_direct as direct, base_indirect as indirect from standing
        where not exists (select 1 from given g where g.replaces = standing.movement_id)
        union all
        select commitment_id, base_direct, base_total - base_direct from given
    ) group by commitment_id
)
select 'expenditure-outside-agreement', 'error', g.file, g.line, 'spent_to', g.spent_to::varchar,
    'commitment ' || g.commitment_id || ' runs' || coalesce(' from ' || g.starts_on, '') || coalesce(' until ' || g.ends_on, '') || ', and the expenditure is of '
        || coalesce(g.spent_from || ' to ', '') || g.spent_to,
    'correct the days, extend the agreement with `facility grant extend ' || g.commitment_id || '`, or set the rule aside by name with `facility grant override ' || g.commitment_id || ' days`'
from given g
where (g.spent_to > g.ends_on or coalesce(g.spent_from, g.spent_to) < g.starts_on)
    and not exists (select 1 from override_in_force o where o.reference = g.reference and o.rule = 'days')
union all
select 'expenditure-unknown', 'error', g.file, g.line, 'replaces', g.replaces,
    case when x.status = 'final' then 'expenditure ' || g.replaces || ' is final' when x.movement_id is not null then 'another row replaces expenditure ' || g.replaces || ' too'
        when n.reference is not null then 'expenditure ' || g.replaces || ' is itself only in this import' else 'there is no standing expenditure ' || g.replaces || ' on ' || g.commitment_id end,
    case when x.movement_id is null and n.reference is not null then 'import it first, and what replaces it in a file of its own'
        else 'name a provisional report of the same agreement that nothing has replaced yet' end
from given g left join standing x on x.movement_id = g.replaces and x.commitment_id = g.commitment_id
left join entry_in n on n.movement_id = g.replaces and n.commitment_id = g.commitment_id
where g.replaces is not null and (x.movement_id is null or x.status = 'final' or g.replaces in (select replaces from given group by replaces having count(*) > 1))
union all
select 'indirect-cost-exceeded', 'error', g.file, g.line, 'indirect', coalesce(g.indirect, 0)::varchar,
    'indirect cost of ' || g.commitment_id || ' would be ' || ledger.printed(c.indirect, $base)
        || ' on direct cost of ' || ledger.printed(c.direct, $base)
        || '; the agreement allows ' || (g.indirect_max * 100)::decimal(9, 2)::varchar || ' % of direct cost',
    'correct the amounts, or set the rule aside by name with `facility grant override ' || g.commitment_id || ' indirect-cost`'
from given g join cost c using (commitment_id)
where c.indirect > c.direct * g.indirect_max and (coalesce(g.indirect, 0) > 0 or g.replaces is not null)
    and not exists (select 1 from override_in_force o where o.reference = g.reference and o.rule = 'indirect-cost')
order by 3, 4, 5, 1, 7
