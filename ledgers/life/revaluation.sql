-- What foreign money is worth at the end of a day, less what it stands at in the book. Cash is moved to that value for good, and the facility's own line bears the
-- difference, so that what is available is what can be spent. What is receivable, notes, and receipts not yet applied are moved for the day alone and back on
-- the next, since each is discharged later at the value at which it came. Entries: `revaluation|DAY|cash|N`, `revaluation|DAY|claims|N` and its return.
--   $on  the day    $base  the book's currency    $places  its decimal places    `rate_in_force`
create or replace temp table revalued as
with standing as (
    select case when p.account like 'asset:cash:%' then 'cash' else 'claims' end as sort, p.account, case when p.account not like 'asset:cash:%' then p.contribution_id end as contribution_id,
        p.currency, sum(p.amount) as amount, sum(p.base_amount) as base_amount
    from ledger.posting p join ledger.entry e using (entry_id)
    where e.entry_date <= $on::date and p.currency <> $base
        and (p.account like 'asset:cash:%' or p.account in ('asset:receivable', 'asset:promissory-note', 'liability:unapplied-receipts'))
    group by all
)
select s.sort, s.account, coalesce(s.contribution_id, 'FACILITY') as contribution_id, s.currency, r.rate_id,
    (case when s.amount = 0 then 0 else ledger.converted(s.amount, r.units_per_base, $places::integer) end - s.base_amount)::decimal(18, 4) as gain
from standing s left join rate_in_force r on r.currency = s.currency
where case when s.amount = 0 then 0 else ledger.converted(s.amount, r.units_per_base, $places::integer) end <> s.base_amount;

create or replace temp table revaluation_entry as
with numbered as (
    select sort, (select count(*) from ledger.entry e where e.reference like 'revaluation|' || $on::date::varchar || '|' || sort || '|%') + 1 as number from (select distinct sort from revalued)
)
select sort, 'revaluation|' || $on::date::varchar || '|' || sort || '|' || number as reference, $on::date as entry_date, 1 as side from numbered
union all
select sort, 'revaluation|' || $on::date::varchar || '|' || sort || '|' || number || '|back', $on::date + 1, -1 from numbered where sort = 'claims';

create or replace temp table new_entry as
select reference, 'revaluation' as kind, entry_date, null::varchar as purpose,
    case sort when 'cash' then 'cash in other currencies' else 'receivables, notes and unapplied receipts in other currencies' end
        || case side when 1 then ' at the rates of ' || $on::date::varchar else ' back from the rates of ' || $on::date::varchar end as narration
from revaluation_entry;

create or replace temp table new_posting as
select e.reference, (row_number() over (partition by e.reference order by v.account, v.contribution_id, v.currency, l.step))::integer as line, l.account,
    case when l.step <= 2 then v.currency else $base end as currency, (case when l.step <= 2 then 0 else e.side * l.side * v.gain end)::decimal(18, 4) as amount,
    (e.side * l.side * v.gain)::decimal(18, 4) as base_amount, case when l.step <= 2 then v.rate_id end as rate_id, v.contribution_id, null::varchar as request_id,
    null::varchar as party_id, null::varchar as commitment_id
from revaluation_entry e join revalued v using (sort)
cross join lateral (values
    (1, v.account, 1), (2, case when v.gain > 0 then 'income:exchange' else 'expense:exchange' end, -1), (3, 'budget:available', 1), (4, 'budget:resource', -1)
) l(step, account, side)
where l.step <= 2 or v.sort = 'cash';
