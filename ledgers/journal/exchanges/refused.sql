-- What the book refuses in the staged exchanges. One row a finding.
--   $base  the book's currency
with moved as (
    select account, currency, e.entry_date as day, p.amount, 0::decimal(18, 4) as asked from ledger.posting p join ledger.entry e using (entry_id)
    where p.account in (select 'asset:cash:' || coalesce(bank, 'main') from exchange_staged)
    union all select 'asset:cash:' || coalesce(bank, 'main'), currency, exchanged_on, -amount, amount from exchange_staged where standing = 'new'
    union all select 'asset:cash:' || coalesce(to_bank, 'main'), to_currency, exchanged_on, to_amount, 0 from exchange_staged where standing = 'new'
),
-- What each account holds at the end of each day, and what of it is asked by then.
daily as (
    select account, currency, day, sum(sum(amount)) over upto as held, sum(sum(asked)) over upto as asked, sum(sum(amount)) over whole as final, sum(sum(asked)) over whole as final_asked
    from moved group by account, currency, day
    window upto as (partition by account, currency order by day), whole as (partition by account, currency)
),
short as (
    select account, currency, max(day) as last_day, case when any_value(final) < 0 then '' else ' on ' || min(day) end as day,
        case when any_value(final) < 0 then any_value(final) else arg_min(held, day) end as held, case when any_value(final) < 0 then any_value(final_asked) else arg_min(asked, day) end as asked,
        any_value(final) < 0 as is_final
    from daily where held < 0 group by account, currency
)
select 'exchange-conflict', 'error', s.file, s.line, 'exchange_id', s.exchange_id, 'exchange ' || s.exchange_id || ' is already in the book with other content', 'correct the row, or give another exchange another id'
from exchange_staged s where s.standing = 'conflict'
union all
select 'cash-exceeded', 'error', s.file, s.line, 'amount', s.amount::varchar,
    'the account ' || coalesce(s.bank, 'main') || ' holds ' || ledger.printed(h.held + h.asked, h.currency) || ' ' || h.currency || h.day || ', and ' || ledger.printed(h.asked, h.currency) || ' would be exchanged',
    case when h.is_final then 'correct the amount' else 'correct the amount, or the day' end
from exchange_staged s join short h on h.account = 'asset:cash:' || coalesce(s.bank, 'main') and h.currency = s.currency
where s.standing = 'new' and (h.is_final or s.exchanged_on <= h.last_day)
union all
select 'bank-unknown', 'error', s.file, s.line, b.col, b.bank, 'the book has no account ' || b.bank || ' at a bank', 'enter it with `facility import banks`, or correct it'
from exchange_staged s cross join lateral (values ('bank', s.bank), ('to_bank', s.to_bank)) b(col, bank)
where b.bank is not null and b.bank <> 'main' and not exists (select 1 from ledger.bank k where k.bank = b.bank)
union all
select 'bank-currency', 'error', s.file, s.line, b.col, b.currency, 'the account ' || b.bank || ' is in ' || k.currency, 'name the account that the money moved on'
from exchange_staged s cross join lateral (values ('currency', s.bank, s.currency), ('to_currency', s.to_bank, s.to_currency)) b(col, bank, currency)
join ledger.bank k on k.bank = b.bank where k.currency <> b.currency
union all
select 'exchange-of-one-currency', 'error', s.file, s.line, 'to_currency', s.to_currency, 'both sides of the exchange are in ' || s.currency || ' and differ',
    'a move between accounts leaves as much as it brings; book charges as a bank-charge'
from exchange_staged s where s.currency = s.to_currency and s.amount <> s.to_amount
union all
select 'exchange-of-one-currency', 'error', s.file, s.line, 'to_bank', s.to_bank, 'both sides of the exchange are the account ' || coalesce(s.bank, 'main') || ' in ' || s.currency,
    'name two accounts or two currencies, or leave the row out'
from exchange_staged s where s.currency = s.to_currency and coalesce(s.bank, 'main') = coalesce(s.to_bank, 'main')
union all
select 'rate-missing', 'error', s.file, s.line, 'currency', s.currency, 'there is no rate for ' || s.currency || ' on ' || r.on_date::varchar || coalesce('; the latest before it is of ' || r.latest_date::varchar, ''),
    'import a rate of that day, or of the weeks before it, with `facility import rates`'
from exchange_staged s join rate_in_force r on r.currency = s.currency and r.on_date = s.exchanged_on and r.units_per_base is null
where s.standing = 'new'
union all
select 'amount-out-of-range', 'error', s.file, s.line, 'amount', s.amount::varchar, 'the amount is worth more ' || $base || ' than the book can hold', 'check its unit and the rate'
from exchange_staged s join rate_in_force r on r.currency = s.currency and r.on_date = s.exchanged_on
where s.standing = 'new' and not ledger.fits(s.amount, r.units_per_base)
union all
select 'period-closed', 'error', s.file, s.line, 'exchanged_on', s.exchanged_on::varchar, 'the book is closed through ' || p.through, 'date it after that day, or reopen the period with a reason'
from exchange_staged s, ledger.closed_period p where s.standing = 'new' and s.exchanged_on <= p.through
order by 3, 4, 5, 1, 7
