-- What the book refuses in movements in other money, or at a bank that is named. One row a finding.
--   $base  the book's currency
select 'currency-not-base', 'error', m.file, m.line, 'currency', m.currency,
    case when m.kind in ('interest', 'administration', 'expenditure', 'implementer-interest') then 'an ' else 'a ' end || m.kind || ' is booked in ' || $base, 'state the amount in ' || $base
from movement m where m.currency <> $base
    and m.kind in ('administration', 'cancellation', 'lapse', 'commitment', 'release', 'disallowance', 'return')
union all
select 'base-amount-differs', 'error', m.file, m.line, 'base_amount', m.given_base::varchar,
    'an amount in ' || $base || ' is its own base amount, ' || ledger.printed(m.amount, $base), 'leave base_amount empty'
from movement m where m.currency = $base and m.given_base <> m.amount
union all
select 'rate-missing', 'error', m.file, m.line, 'currency', m.currency,
    'there is no rate for ' || m.currency || ' on ' || r.on_date::varchar || coalesce('; the latest before it is of ' || r.latest_date::varchar, ''),
    'import a rate of that day, or of the weeks before it, with `facility import rates`, or give base_amount'
from movement_standing m join rate_in_force r on r.currency = m.currency and r.on_date = m.entry_date and r.units_per_base is null
where m.standing = 'new' and m.given_base is null
    and m.kind not in ('administration', 'cancellation', 'lapse', 'commitment', 'release', 'disallowance', 'return')
union all
select 'amount-out-of-range', 'error', m.file, m.line, 'amount', m.amount::varchar, 'the amount is worth more ' || $base || ' than the book can hold', 'check its unit and the rate'
from movement_standing m join rate_in_force r on r.currency = m.currency and r.on_date = m.entry_date
where m.standing = 'new' and m.given_base is null and m.currency <> $base and not ledger.fits(m.amount, r.units_per_base)
union all
select 'bank-unknown', 'error', m.file, m.line, 'bank', m.bank, 'the book has no account ' || m.bank || ' at a bank', 'enter it with `facility import banks`, or correct it'
from movement m where m.bank is not null and m.bank <> 'main' and not exists (select 1 from ledger.bank b where b.bank = m.bank)
union all
select 'bank-currency', 'error', m.file, m.line, 'currency', m.currency, 'the account ' || m.bank || ' is in ' || b.currency, 'name the account that the money moved on'
from movement m join ledger.bank b using (bank) where b.currency <> m.currency
order by 3, 4, 5, 1, 7
