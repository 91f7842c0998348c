-- What each new deposit on a contribution with conditions makes available, and what of it waits until more of them are met: of what is applied in all, the share
-- that the conditions met so far set free is available, and no more. In the book's currency, down to the unit.
--   $places  of the book's currency    `deposit_applied`
create or replace temp table deposit_waiting as
with met as (select contribution_id, sum(amount) as amount from ledger.contribution_condition group by contribution_id),
received as (
    select contribution_id, sum(applied) as applied, sum(base_applied) as base_applied from (
        select d.contribution_id, d.applied_amount as applied, d.base_amount - d.unapplied_base_amount as base_applied from ledger.deposit d
        where not exists (select 1 from ledger.bounce b where b.deposit_id = d.deposit_id and b.contribution_id = d.contribution_id)
        union all select contribution_id, applied_amount, base_amount from ledger.application a
        where not exists (select 1 from ledger.reversal x where x.reversed_entry_id = a.entry_id)
    ) group by contribution_id
),
waiting as (select contribution_id, sum(amount) as amount from ledger.posting where account = 'budget:conditional' group by contribution_id),
laid as (
    select a.reference, a.base_applied, coalesce(m.amount, 0) as met, coalesce(w.amount, 0) as waiting, coalesce(r.base_applied, 0) as base_before,
        coalesce(r.applied, 0) + sum(a.applied) over run as upto, coalesce(r.base_applied, 0) + sum(a.base_applied) over run as base_upto,
        coalesce(r.applied, 0) + coalesce(sum(a.applied) over before, 0) as applied_before, coalesce(r.base_applied, 0) + coalesce(sum(a.base_applied) over before, 0) as base_upto_before
    from deposit_applied a join ledger.contribution_now c using (contribution_id)
    left join met m using (contribution_id) left join received r using (contribution_id) left join waiting w using (contribution_id)
    where c.conditional and a.base_applied > 0
    window run as (partition by a.contribution_id order by a.received_on, a.reference),
        before as (partition by a.contribution_id order by a.received_on, a.reference rows between unbounded preceding and 1 preceding)
),
freed as (
    select *, case when met >= upto then base_upto else ledger.amount_of(ledger.grains(base_upto) * ledger.grains(met)
            // (ledger.grains(upto) * ledger.grains_per_unit($places::integer)) * ledger.grains_per_unit($places::integer)) end as free_upto,
        case when applied_before = 0 then 0 when met >= applied_before then base_upto_before else ledger.amount_of(ledger.grains(base_upto_before) * ledger.grains(met)
            // (ledger.grains(applied_before) * ledger.grains_per_unit($places::integer)) * ledger.grains_per_unit($places::integer)) end as free_before
    from laid
)
select reference, greatest(0, least(base_applied, base_applied - (free_upto - free_before)))::decimal(18, 4) as waiting from freed
