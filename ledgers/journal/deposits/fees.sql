-- The fee on what each new deposit applies, in the book's currency. A contribution's own percentage is of each deposit, rounded half up. A schedule says by its tiers
-- what all that came in bears, rounded half up; a deposit bears what of that is not charged yet, so that nothing is charged twice or missed when one bounces, and no
-- more than it brings: what a fixed fee is above that, later deposits bear.
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
),
-- Charged in all after a deposit is the lesser of what all bears, and what was charged before it with all of the deposit itself.
owing as (
    select l.*, l.upto - coalesce(e.amount, 0) as brought, coalesce(c.amount, 0) as charged,
        least(coalesce(c.amount, 0), min(b.upto - (l.upto - coalesce(e.amount, 0))) over (partition by l.contribution_id order by l.received_on, l.reference)) as owed
    from laid l join borne b using (reference) left join earlier e on e.contribution_id = l.contribution_id left join charged c on c.contribution_id = l.contribution_id
    where l.base_applied > 0
)
select l.reference,
    case when l.fee_schedule is null then ledger.portion(l.base_applied, (coalesce(l.fee_percent, 0)::decimal(38, 6) * 1000000)::hugeint, 1000000, $places::integer)
        when l.base_applied = 0 then 0
        else o.brought + o.owed - coalesce(lag(o.brought + o.owed) over (partition by l.contribution_id order by o.brought), o.charged) end::decimal(18, 4) as fee
from laid l left join owing o using (reference)
