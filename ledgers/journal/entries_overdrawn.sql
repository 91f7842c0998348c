-- What a batch of movements, posted but not yet committed, would overdraw, in the end or at the end of any day. One row a finding.
--   $log_id  the batch
--   $base  the book's currency
with unit as (select 4 - places + (places = 0)::integer as idle from ledger.currency where currency = $base),
touched as (
    select p.contribution_id, p.request_id, e.purpose, p.account, e.entry_date, k.file, k.line, k.kind
    from ledger.posting p join ledger.entry e using (entry_id) join entry_standing k on k.reference = e.reference
    where e.log_id = $log_id and p.amount < 0
),
-- What stands on an account for a contribution (and what it is allocated to) at the end of each day; `over` is what is missing, as text.
daily as (
    select p.account, p.contribution_id, case when p.account = 'budget:allocated' then p.request_id end as request_id,
        case when p.account = 'budget:allocated' then e.purpose end as purpose, e.entry_date as day, sum(p.amount) as moved
    from ledger.posting p join ledger.entry e using (entry_id)
    where p.account in ('budget:available', 'budget:allocated') and p.contribution_id in (select contribution_id from touched)
    group by all
),
standing as (
    select account, contribution_id, request_id, purpose, day,
        sum(moved) over (partition by account, contribution_id, request_id, purpose order by day) as amount,
        sum(moved) over (partition by account, contribution_id, request_id, purpose) as final
    from daily
),
short as (
    select account, contribution_id, request_id, purpose, any_value(final) < 0 as is_final,
        max(day) as last_day, min(day) as first_day, arg_min(amount, day) as first_amount, any_value(final) as final
    from standing where amount < 0 group by account, contribution_id, request_id, purpose
),
told as (
    select t.*, s.is_final, s.first_day, coalesce(t.request_id, t.purpose) as whose,
        substr(missing, 1, length(missing) - idle) as missing
    from (select *, (-case when is_final then final else first_amount end)::decimal(38, 4)::varchar as missing from short) s
    join touched t on t.account = s.account and t.contribution_id = s.contribution_id
        and (t.account = 'budget:available' or (t.request_id is not distinct from s.request_id and t.purpose is not distinct from s.purpose))
    cross join unit
    where s.is_final or t.entry_date <= s.last_day
)
select distinct 'available-exceeded', 'error', file, line, 'contribution_id', contribution_id,
    'contribution ' || contribution_id || ' would be overdrawn by ' || missing, 'take the money from another contribution, or less of it'
from told where account = 'budget:available' and is_final
union all
select distinct 'money-later', 'error', file, line, 'entry_date', contribution_id,
    'contribution ' || contribution_id || ' would be overdrawn by ' || missing || ' on ' || first_day || ', because its money came later',
    'date the movement on the day on which the money was there, or take it from another contribution'
from told where account = 'budget:available' and not is_final
union all
select distinct 'allocated-exceeded', 'error', file, line, case when request_id is null then 'purpose' else 'request_id' end, whose,
    'more than is allocated to ' || whose || ' from ' || contribution_id || ': ' || missing || ' too much',
    'correct the amount; only what is allocated and not yet transferred can be cancelled or transferred'
from told where account = 'budget:allocated' and is_final
union all
select distinct 'before-allocation', 'error', file, line, 'entry_date', whose,
    missing || ' of it was not yet allocated to ' || whose || ' from ' || contribution_id || ' on ' || first_day,
    'date the ' || kind || ' on or after its allocation'
from told where account = 'budget:allocated' and not is_final
union all
select distinct 'cash-exceeded', 'error', t.file, t.line, 'amount', null, 'cash would be overdrawn by ' || substr(c.missing, 1, length(c.missing) - idle),
    'transfer no more than the cash held'
from touched t cross join unit
join (select (-sum(base_amount))::decimal(38, 4)::varchar as missing from ledger.posting where account like 'asset:cash:%' having sum(base_amount) < 0) c on true
where t.account = 'asset:cash:main'
order by 3, 4, 5, 1, 7
