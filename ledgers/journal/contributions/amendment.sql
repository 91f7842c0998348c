-- What the amended amount of one contribution moves, in its currency and in the book's: one row. More is worth what it is at the rate of the day. Less goes at its
-- share of what the part still to come stands at, so that nothing is left behind when all of it goes; likewise what is deferred, where there are conditions.
--   $contribution_id  $amount  $places  of the book's currency    `rate_in_force`
create or replace temp table amendment as
with standing as (
    select c.contribution_id, c.stage, ($amount::decimal(18, 4) - c.amount)::decimal(18, 4) as moved, coalesce(c.conditional, false) as conditional,
        case when c.stage = 'agreement' then coalesce(r.amount, 0) else c.amount end as open, case when c.stage = 'agreement' then coalesce(r.base_amount, 0) else c.base_amount end as base_open,
        coalesce(f.amount, 0) as deferred, coalesce(f.base_amount, 0) as base_deferred, coalesce(k.units_per_base, 1) as units_per_base
    from ledger.contribution_now c
    left join (
        select p.contribution_id, sum(p.amount) as amount, sum(p.base_amount) as base_amount from ledger.posting p join ledger.entry e using (entry_id)
        where p.account = 'asset:receivable' and e.kind <> 'revaluation' group by p.contribution_id
    ) r using (contribution_id)
    left join (
        select contribution_id, -sum(amount) as amount, -sum(base_amount) as base_amount from ledger.posting where account = 'liability:deferred-contribution' group by contribution_id
    ) f using (contribution_id)
    left join rate_in_force k on k.currency = c.currency
    where c.contribution_id = $contribution_id
),
valued as (
    select *, case when moved >= 0 then ledger.converted(moved, units_per_base, $places::integer)
            else ledger.portion(base_open, ledger.grains(moved), ledger.grains(open), $places::integer) end::decimal(18, 4) as base_moved
    from standing
)
select contribution_id, stage, conditional, moved, base_moved,
    case when conditional and stage = 'agreement' and moved < 0 then ledger.portion(base_deferred, ledger.grains(moved), ledger.grains(deferred), $places::integer)
        else base_moved end::decimal(18, 4) as base_signed
from valued
