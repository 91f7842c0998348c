-- What the book refuses in the staged exchanges. One row a finding.
with had as (
    select s.file, s.line, s.currency, s.bank, coalesce(sum(p.amount), 0) as held, t.asked
    from exchange_staged s
    join (select currency, coalesce(bank, 'main') as bank, sum(amount) as asked from exchange_staged where standing = 'new' group by all) t on t.currency = s.currency and t.bank = coalesce(s.bank, 'main')
    left join ledger.posting p on p.account = 'asset:cash:' || coalesce(s.bank, 'main') and p.currency = s.currency
    where s.standing = 'new' group by s.file, s.line, s.currency, s.bank, t.asked
)
select 'exchange-conflict', 'error', s.file, s.line, 'exchange_id', s.exchange_id, 'exchange ' || s.exchange_id || ' is already in the book with other content', 'correct the row, or give another exchange another id'
from exchange_staged s where s.standing = 'conflict'
union all
select 'cash-exceeded', 'error', h.file, h.line, 'amount', h.asked::varchar,
    'the account ' || coalesce(h.bank, 'main') || ' holds ' || h.held::decimal(18, 2)::varchar || ' ' || h.currency || ', and ' || h.asked::decimal(18, 2)::varchar || ' would be exchanged', 'correct the amount'
from had h where h.asked > h.held
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
select 'rate-missing', 'error', s.file, s.line, 'currency', s.currency, 'there is no rate for ' || s.currency || ' on ' || r.on_date::varchar || coalesce('; the latest before it is of ' || r.latest_date::varchar, ''),
    'import a rate of that day, or of the weeks before it, with `facility import rates`'
from exchange_staged s join rate_in_force r on r.currency = s.currency and r.on_date = s.exchanged_on and r.units_per_base is null
where s.standing = 'new' and s.currency <> s.to_currency
union all
select 'period-closed', 'error', s.file, s.line, 'exchanged_on', s.exchanged_on::varchar, 'the book is closed through ' || p.through, 'date it after that day, or reopen the period with a reason'
from exchange_staged s, ledger.closed_period p where s.standing = 'new' and s.exchanged_on <= p.through
order by 3, 4, 5, 1, 7
