-- The entry of each new bounce: the deposit's own lines and those of its fee, the other way round. What was allocated from it stays allocated; the contribution then
-- lacks the money, and is in deficit until it is made good. What waited for a condition is taken back as far as it still waits; and of what is left of the contribution
-- no more waits than its conditions ask.
--   $base  the book's currency    $places  its decimal places
create or replace temp table new_entry as
select reference, 'bounce' as kind, bounced_on as entry_date, null::varchar as purpose, 'deposit ' || deposit_id || ' on ' || contribution_id || ' bounced: ' || reason as narration
from bounce_staged where standing = 'new';

create or replace temp table new_posting as
with taken as (
    select b.reference, b.contribution_id, p.entry_id, p.line, p.account, p.currency, -p.amount as amount, -p.base_amount as base_amount, p.party_id
    from bounce_staged b
    join ledger.entry d on d.entry_id = b.deposit_entry_id
    join ledger.entry e on e.reference in (d.reference, 'fee|' || d.reference)
    join ledger.posting p on p.entry_id = e.entry_id
    where b.standing = 'new'
),
money as (select * from taken where account not like 'budget:%'),
-- All that the deposit brought, less its fee, whatever was done with it since.
budget as (
    select reference, contribution_id, any_value(party_id) as party_id, sum(amount) filter (account in ('budget:available', 'budget:conditional', 'budget:allocated')) as brought,
        -sum(amount) filter (account = 'budget:conditional') as waited
    from taken where account like 'budget:%' group by reference, contribution_id
),
waiting as (select contribution_id, sum(amount) as amount from ledger.posting where account = 'budget:conditional' group by contribution_id having sum(amount) > 0),
met as (select contribution_id, sum(amount) as amount from ledger.contribution_condition group by contribution_id),
kept as (
    select contribution_id, sum(applied) as applied, sum(base_applied) as base_applied from (
        select d.contribution_id, d.applied_amount as applied, d.base_amount - d.unapplied_base_amount as base_applied from ledger.deposit d
        where not exists (select 1 from ledger.bounce b where b.deposit_id = d.deposit_id and b.contribution_id = d.contribution_id)
            and not exists (select 1 from bounce_staged b where b.deposit_id = d.deposit_id and b.contribution_id = d.contribution_id)
        union all select contribution_id, applied_amount, base_amount from ledger.application a
        where not exists (select 1 from ledger.reversal x where x.reversed_entry_id = a.entry_id)
    ) group by contribution_id
),
-- What may still wait once these deposits are gone.
ceiling as (
    select w.contribution_id, w.amount as waiting, case when coalesce(m.amount, 0) >= coalesce(k.applied, 0) then 0 else k.base_applied
        - ledger.amount_of(ledger.grains(k.base_applied) * ledger.grains(coalesce(m.amount, 0)) // (ledger.grains(k.applied) * ledger.grains_per_unit($places::integer)) * ledger.grains_per_unit($places::integer))
        end as most
    from waiting w left join met m using (contribution_id) left join kept k using (contribution_id)
),
run as (
    select b.*, coalesce(c.waiting, 0) as waiting, coalesce(c.most, 0) as most, sum(coalesce(b.waited, 0)) over (partition by b.contribution_id order by b.reference) as upto,
        row_number() over (partition by b.contribution_id order by b.reference desc) = 1 as is_last
    from budget b left join ceiling c using (contribution_id)
),
placed as (
    select *, least(upto, waiting) - least(upto - coalesce(waited, 0), waiting) + case when is_last then greatest(0, waiting - least(upto, waiting) - most) else 0 end as still_waiting
    from run
),
line as (
    select reference, entry_id, line, account, currency, amount, base_amount, contribution_id, party_id from money
    union all
    select reference, 9000000000000000000, s.step, s.account, $base, case s.step when 1 then brought + still_waiting when 2 then -still_waiting else -brought end,
        case s.step when 1 then brought + still_waiting when 2 then -still_waiting else -brought end, contribution_id, party_id
    from placed cross join (values (1, 'budget:available'), (2, 'budget:conditional'), (3, 'budget:resource')) s(step, account)
)
select reference, (row_number() over (partition by reference order by entry_id, line))::integer as line, account, currency, amount::decimal(18, 4) as amount,
    base_amount::decimal(18, 4) as base_amount, null::bigint as rate_id, contribution_id, null::varchar as request_id, party_id, null::varchar as commitment_id
from line where amount <> 0 or base_amount <> 0;
