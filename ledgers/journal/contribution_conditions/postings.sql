-- The entry of each condition met: what it sets free becomes income, and of the money that came in before, that share becomes available.
--   $base  the book's currency    $places  its decimal places
create or replace temp table new_entry as
select reference, 'condition' as kind, met_on as entry_date, null::varchar as purpose, 'condition of ' || contribution_id || ' met: ' || condition as narration
from contribution_condition_staged where standing = 'new';

create or replace temp table new_posting as
with deferred as (
    select contribution_id, -sum(amount) as amount, -sum(base_amount) as base_amount from ledger.posting where account = 'liability:deferred-contribution' group by contribution_id
),
waiting as (select contribution_id, sum(amount) as amount from ledger.posting where account = 'budget:conditional' group by contribution_id),
met as (select contribution_id, sum(amount) as amount from ledger.contribution_condition group by contribution_id),
received as (
    select contribution_id, sum(applied) as applied, sum(base_applied) as base_applied from (
        select d.contribution_id, d.applied_amount as applied, d.base_amount - d.unapplied_base_amount as base_applied from ledger.deposit d
        where not exists (select 1 from ledger.bounce b where b.deposit_id = d.deposit_id and b.contribution_id = d.contribution_id)
        union all select contribution_id, applied_amount, base_amount from ledger.application a
        where not exists (select 1 from ledger.reversal x where x.reversed_entry_id = a.entry_id)
    ) group by contribution_id
),
laid as (
    select s.*, f.amount as deferred, f.base_amount as base_deferred, sum(s.amount) over run as upto, coalesce(m.amount, 0) as met_before,
        coalesce(r.applied, 0) as applied, coalesce(r.base_applied, 0) as base_applied, coalesce(w.amount, 0) as waiting
    from contribution_condition_staged s join deferred f using (contribution_id) left join met m using (contribution_id) left join received r using (contribution_id)
    left join waiting w using (contribution_id)
    where s.standing = 'new' window run as (partition by s.contribution_id order by s.met_on, s.condition)
),
valued as (
    select *, (ledger.portion(base_deferred, ledger.grains(upto), ledger.grains(deferred), $places::integer)
            - ledger.portion(base_deferred, ledger.grains(upto - amount), ledger.grains(deferred), $places::integer))::decimal(18, 4) as carrying,
        least(waiting, case when met_before + upto >= applied then waiting when applied = 0 then 0
            else ledger.amount_of(ledger.grains(base_applied) * ledger.grains(met_before + upto) // (ledger.grains(applied) * ledger.grains_per_unit($places::integer)) * ledger.grains_per_unit($places::integer))
                - (base_applied - waiting) end) as freed_upto
    from laid
),
freed as (
    select *, greatest(0, freed_upto - coalesce(max(freed_upto) over (partition by contribution_id order by met_on, condition rows between unbounded preceding and 1 preceding), 0)) as freed from valued
)
select reference, l.line, l.account, case when l.line <= 2 then currency else $base end as currency,
    (l.side * case when l.line <= 2 then amount else freed end)::decimal(18, 4) as amount, (l.side * case when l.line <= 2 then carrying else freed end)::decimal(18, 4) as base_amount,
    null::bigint as rate_id, contribution_id, null::varchar as request_id, donor_id as party_id, null::varchar as commitment_id
from freed cross join (
    values (1, 'liability:deferred-contribution', 1), (2, 'income:contribution', -1), (3, 'budget:available', 1), (4, 'budget:conditional', -1)
) l(line, account, side)
where l.line <= 2 or freed <> 0;
