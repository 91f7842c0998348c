-- The fee on what each new deposit applies, in the book's currency. A contribution's own percentage is of each deposit, rounded half up. A schedule says by its tiers
-- what all that came in bears, rounded half up; a deposit bears what of that is not charged yet, so that nothing is charged twice or missed when one bounces.
--   $places  of the book's currency    `deposit_applied`
create or replace temp table deposit_fee as
with earlier as (
    select contribution_id, sum(base_applied) as amount from (
        select d.contribution_id, d.base_amount - d.unapplied_base_amount as base_applied from ledger.deposit d
        where not exists (select 1 from ledger.bounce b where b.deposit_id = d.deposit_id and b.contribution_id = d.contribution_id)
        union all select contribution_id, base_amount from ledger.application a
        where not exists (select 1 from ledger.reversal x where x.reversed_entry_id = a.entry_id)
    ) group by contribution_id
),
laid as (
    select a.reference, a.contribution_id, a.received_on, a.base_applied, a.applied, c.fee_percent, c.fee_schedule, coalesce(c.conditional, false) as is_conditional,
        coalesce(e.amount, 0) + sum(a.base_applied) over (partition by a.contribution_id order by a.received_on, a.reference) as upto
    from deposit_applied a join ledger.contribution_now c using (contribution_id) left join earlier e using (contribution_id)
),
tier as (
    select fee_schedule, above, share, flat, lead(above) over (partition by fee_schedule order by above) as next_above from ledger.fee_tier
),
borne as (
    select l.reference, l.contribution_id, l.received_on,
        ledger.amount_of(ledger.half_away(
            sum(ledger.grains(greatest(0, least(l.upto, coalesce(t.next_above, l.upto)) - t.above)) * (t.share::decimal(38, 6) * 1000000)::hugeint),
            1000000 * ledger.grains_per_unit($places::integer)) * ledger.grains_per_unit($places::integer))
            + sum(case when l.upto > t.above then t.flat else 0 end) as upto
    from laid l join tier t using (fee_schedule)
    group by l.reference, l.contribution_id, l.received_on
),
charged as (
    select contribution_id, sum(base_amount) as amount from ledger.posting where account = 'expense:fee:administration' and contribution_id in (select contribution_id from laid)
    group by contribution_id
)
select l.reference,
    case when l.fee_schedule is null then ledger.portion(l.base_applied, (coalesce(l.fee_percent, 0)::decimal(38, 6) * 1000000)::hugeint, 1000000, $places::integer)
        when l.base_applied = 0 then 0
        else b.upto - coalesce(lag(b.upto) over (partition by l.contribution_id order by l.received_on, l.reference), c.amount, 0) end::decimal(18, 4) as fee
from laid l left join borne b using (reference) left join charged c on c.contribution_id = l.contribution_id
