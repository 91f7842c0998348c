-- The entry of each new bounce: the deposit's own lines and those of its fee, the other way round. What was allocated from it stays allocated; the contribution then
-- lacks the money, and is in deficit until it is made good. What waited for a condition is taken back as far as it still waits.
--   $base  the book's currency
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
placed as (
    select b.*, least(coalesce(b.waited, 0), greatest(0, coalesce((select sum(p.amount) from ledger.posting p where p.account = 'budget:conditional' and p.contribution_id = b.contribution_id), 0)))
        as still_waiting
    from budget b
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
