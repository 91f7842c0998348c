-- What a batch of movements, posted but not yet committed, would overdraw, in the end or at the end of any day. One row a finding.
--   $log_id  the batch    $base  the book's currency    `guarded`, `entry_in`
with unit as (select 4 - places + (places = 0)::integer as idle from ledger.currency where currency = $base),
touched as (
    select g.level, g.account, case when g.is_by_contribution then p.contribution_id end as contribution_id,
        case when g.is_by_request then p.request_id end as request_id, case when g.is_by_request then e.purpose end as purpose,
        case when g.is_by_commitment then p.commitment_id end as commitment_id, e.entry_date, k.file, k.line, k.kind, k.id_column, k.movement_id,
        -g.nature * p.amount as taken
    from ledger.posting p join ledger.entry e using (entry_id) join entry_in k on k.reference = e.reference
    join guarded g on g.account = p.account
    where e.log_id = $log_id and g.nature * p.amount < 0
        and not (p.account = 'budget:available' and p.contribution_id = 'FACILITY' and e.kind in ('bank-charge', 'interest', 'implementer-interest'))
        -- A fee given back after it was paid out is owed to the facility.
        and not (p.account = 'liability:fee' and e.kind = 'reversal')
),
-- What stands on each of those balances at the end of each day.
daily as (
    select g.level, p.account, case when g.is_by_contribution then p.contribution_id end as contribution_id,
        case when g.is_by_request then p.request_id end as request_id, case when g.is_by_request then e.purpose end as purpose,
        case when g.is_by_commitment then p.commitment_id end as commitment_id, e.entry_date as day, sum(g.nature * p.amount) as moved
    from ledger.posting p join ledger.entry e using (entry_id) join guarded g on g.account = p.account
    where p.account in (select account from touched)
        and (p.contribution_id in (select contribution_id from touched) or p.commitment_id in (select commitment_id from touched) or p.account = 'liability:fee')
    group by all
),
standing as (
    select *, sum(moved) over (partition by level, account, contribution_id, request_id, purpose, commitment_id order by day) as amount,
        sum(moved) over (partition by level, account, contribution_id, request_id, purpose, commitment_id) as final
    from daily
),
-- From the batch's first day on: what was short before it is not its doing.
since as (select level, account, contribution_id, request_id, purpose, commitment_id, min(entry_date) as day from touched group by all),
short as (
    select s.level, s.account, s.contribution_id, s.request_id, s.purpose, s.commitment_id, any_value(s.final) < 0 as is_final,
        max(s.day) as last_day, min(s.day) as first_day, arg_min(s.amount, s.day) as first_amount, any_value(s.final) as final
    from standing s join since b on b.level = s.level and b.account = s.account and b.contribution_id is not distinct from s.contribution_id
        and b.request_id is not distinct from s.request_id and b.purpose is not distinct from s.purpose and b.commitment_id is not distinct from s.commitment_id
    where s.amount < 0 and s.day >= b.day group by s.level, s.account, s.contribution_id, s.request_id, s.purpose, s.commitment_id
),
told as (
    select t.*, s.is_final, s.first_day, coalesce(t.request_id, t.purpose) as whose,
        substr(missing, 1, length(missing) - idle) as missing, substr(had, 1, length(had) - idle) as had, substr(asked, 1, length(asked) - idle) as asked
    from (
        select s.*, (-case when is_final then final else first_amount end)::decimal(38, 4)::varchar as missing,
            (case when is_final then final else first_amount end + a.taken)::decimal(38, 4)::varchar as had, a.taken::decimal(38, 4)::varchar as asked
        from short s join (
            select t.level, t.account, t.contribution_id, t.request_id, t.purpose, t.commitment_id, sum(t.taken) as taken from touched t
            join short b on b.level = t.level and b.account = t.account and b.contribution_id is not distinct from t.contribution_id and b.request_id is not distinct from t.request_id
                and b.purpose is not distinct from t.purpose and b.commitment_id is not distinct from t.commitment_id
            where b.is_final or t.entry_date <= b.first_day
            group by all
        ) a on a.level = s.level and a.account = s.account and a.contribution_id is not distinct from s.contribution_id and a.request_id is not distinct from s.request_id
            and a.purpose is not distinct from s.purpose and a.commitment_id is not distinct from s.commitment_id
    ) s
    join touched t on t.level = s.level and t.account = s.account and t.contribution_id is not distinct from s.contribution_id
        and t.request_id is not distinct from s.request_id and t.purpose is not distinct from s.purpose and t.commitment_id is not distinct from s.commitment_id
    cross join unit
    where s.is_final or t.entry_date <= s.last_day
),
whole as (select * from told where level = 1),
in_part as (
    select t.* from told t where t.level = 2
        and not exists (select 1 from told w where w.level = 1 and w.account = t.account and w.commitment_id = t.commitment_id)
),
cash as (
    select p.account, p.currency, e.entry_date as day, sum(sum(p.amount)) over (partition by p.account, p.currency order by e.entry_date) as amount,
        sum(sum(p.amount)) over (partition by p.account, p.currency) as final
    from ledger.posting p join ledger.entry e using (entry_id)
    where p.account like 'asset:cash:%' group by p.account, p.currency, e.entry_date
),
cash_short as (
    select account, currency, any_value(final) < 0 as is_final, min(day) as first_day, max(day) as last_day,
        (-case when any_value(final) < 0 then any_value(final) else arg_min(amount, day) end)::decimal(38, 4)::varchar as missing
    from cash where amount < 0 group by account, currency
),
cash_told as (
    select distinct k.file, k.line, s.account, s.currency, s.is_final, s.first_day, substr(s.missing, 1, length(s.missing) - u.idle) as missing
    from ledger.posting p join ledger.entry e using (entry_id) join entry_in k on k.reference = e.reference
    join cash_short s on s.account = p.account and s.currency = p.currency
    join (select currency, 4 - places + (places = 0)::integer as idle from ledger.currency) u on u.currency = s.currency
    where e.log_id = $log_id and p.amount < 0 and (s.is_final or e.entry_date <= s.last_day)
)
select distinct 'available-exceeded', 'error', file, line, 'contribution_id', contribution_id,
    'contribution ' || contribution_id || ' would be overdrawn by ' || missing, 'take the money from another contribution, or less of it'
from whole where account = 'budget:available' and is_final
union all
select distinct 'money-later', 'error', file, line, 'entry_date', contribution_id,
    'contribution ' || contribution_id || ' would be overdrawn by ' || missing || ' on ' || first_day || ', because its money came later',
    'date the movement on the day on which the money was there, or take it from another contribution'
from whole where account = 'budget:available' and not is_final
union all
select distinct 'available-exceeded', 'error', file, line, 'contribution_id', contribution_id,
    'of ' || contribution_id || ' ' || missing || ' that waited for its conditions was set free since' || case when is_final then '' else ' or came later' end,
    'leave the entry as it is, or take what was set free elsewhere'
from whole where account = 'budget:conditional'
union all
select distinct 'allocated-exceeded', 'error', file, line, case when request_id is null then 'purpose' else 'request_id' end, whose,
    'more than is allocated to ' || whose || ' from ' || contribution_id || ': ' || missing || ' too much',
    'correct the amount; only what is allocated and not yet committed or transferred can be committed, cancelled or transferred'
from whole where account = 'budget:allocated' and is_final
union all
select distinct 'before-allocation', 'error', file, line, 'entry_date', whose,
    missing || ' of it was not yet allocated to ' || whose || ' from ' || contribution_id || ' on ' || first_day,
    'date the ' || kind || ' on or after its allocation'
from whole where account = 'budget:allocated' and not is_final
union all
select distinct 'allocated-exceeded', 'error', file, line, 'request_id', request_id,
    'of what was allocated to ' || request_id || ' from ' || contribution_id || ' ' || had || ' had not come' || case when is_final then '' else ' on ' || first_day end
        || ', and ' || asked || ' would lapse',
    'correct the amount, or the day; what has come is freed with a cancellation'
from whole where account = 'budget:allocated-uncollected'
union all
select distinct 'committed-exceeded', 'error', file, line, 'amount', asked,
    'commitment ' || commitment_id || ' has ' || had || ' left to disburse or release' || case when is_final then '' else ' on ' || first_day end
        || ', and ' || asked || ' is asked',
    case when is_final then 'correct the amount, or commit more first' else 'date the ' || kind || ' on or after what it draws on' end
from whole where account = 'budget:committed'
union all
select distinct 'advance-exceeded', 'error', file, line, 'amount', asked,
    'the implementer of ' || commitment_id || ' holds ' || had || case when is_final then '' else ' on ' || first_day end
        || ', and ' || asked || ' is ' || case kind when 'expenditure' then 'reported as spent' else 'given back' end,
    case when is_final then 'correct the amount, or record the disbursement first' else 'date it on or after the disbursement that it draws on' end
from whole where account = 'asset:advance'
union all
select distinct 'expenditure-exceeded', 'error', file, line, 'amount', asked,
    'the expenditure of ' || commitment_id || ' is ' || had || case when is_final then '' else ' on ' || first_day end || ', and ' || asked || ' of it would be taken back',
    'correct the amount, or the day'
from whole where account = 'expense:programme'
union all
select distinct 'recovery-exceeded', 'error', file, line, 'amount', asked,
    'the implementer of ' || commitment_id || ' owes ' || had || case when is_final then '' else ' on ' || first_day end || ', and ' || asked || ' would be recovered',
    'correct the amount, or record the disallowed cost first'
from whole where account = 'asset:receivable:implementer'
union all
select distinct 'fees-exceeded', 'error', file, line, 'amount', asked,
    'of the fees charged ' || had || ' is owed' || case when is_final then '' else ' on ' || first_day end || ', and ' || asked || ' would be paid out',
    'correct the amount, or the day'
from whole where account = 'liability:fee'
union all
select distinct 'donor-refund-exceeded', 'error', file, line, 'amount', asked,
    had || ' is owed to the donor of ' || contribution_id || case when is_final then '' else ' on ' || first_day end || ', and ' || asked || ' would be given back',
    'correct the amount, or record with `facility contribution return` that it is owed'
from whole where account = 'liability:donor-refund'
union all
select distinct 'money-later', 'error', file, line, 'entry_date', commitment_id,
    commitment_id || ' would be overdrawn by ' || missing || ' of the money of ' || contribution_id || ' on ' || first_day || ', which came to it later',
    'date the ' || replace(kind, '-replaced', '') || ' on or after the day on which that money came'
from in_part where not is_final
union all
select distinct case account when 'budget:committed' then 'committed-exceeded' when 'asset:advance' then 'advance-exceeded' when 'expense:programme' then 'expenditure-exceeded'
        else 'recovery-exceeded' end, 'error', file, line, 'amount', asked,
    'of the money of ' || contribution_id || ' ' || had || ' is ' || case account when 'budget:committed' then 'left to disburse or release on ' when 'asset:advance' then 'held by the implementer of '
        when 'expense:programme' then 'spent on ' else 'owed by the implementer of ' end || commitment_id || ', and ' || asked || ' of it would be taken back',
    'take back first what has moved that money on since, the latest first'
from in_part where is_final
union all
select 'cash-exceeded', 'error', file, line, 'amount', null,
    case when account = 'asset:cash:main' then 'cash' else 'the cash at ' || substr(account, 12) end || case when currency = $base then '' else ' in ' || currency end
        || ' would be overdrawn by ' || missing || case when is_final then '' else ' on ' || first_day end,
    'transfer no more than the cash held, or exchange other money first'
from cash_told
order by 3, 4, 5, 1, 7
