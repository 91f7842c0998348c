-- What the book refuses in any movement. One row a finding: code, severity, file, line, column, value, reason, remedy.
--   $base  the book's currency
select 'entry-conflict', 'error', k.file, k.line, k.id_column, k.movement_id,
    'entry ' || k.movement_id || ' is already in the book with other content', 'give another movement another reference'
from movement_standing k where k.standing = 'conflict' and k.kind <> 'reversal'
union all
select 'contribution-unknown', 'error', m.file, m.line, 'contribution_id', m.contribution_id,
    'the book has no contribution ' || m.contribution_id, 'correct the id, or leave it empty'
from movement m where m.contribution_id is not null and not exists (select 1 from ledger.contribution c where c.contribution_id = m.contribution_id)
union all
select 'request-unknown', 'error', m.file, m.line, 'request_id', m.request_id,
    'the book has no request ' || m.request_id, 'correct the id'
from movement m where m.request_id is not null and not exists (select 1 from ledger.request r where r.request_id = m.request_id)
union all
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
select 'nothing-to-move', 'error', m.file, m.line, 'amount', null,
    case m.kind when 'release' then 'nothing of ' || m.commitment_id || ' is left to release' else 'nothing of ' || m.contribution_id || ' is left that could be returned' end,
    'correct the id, or leave the row out'
from movement_standing m where m.standing = 'new' and m.amount = 0 and m.kind in ('release', 'return')
union all
select 'contribution-closed', 'error', m.file, m.line, 'contribution_id', m.contribution_id, m.contribution_id || ' was closed on ' || k.closed_on,
    'correct the id; only what is owed to its donor still moves on a closed contribution'
from movement_standing m join ledger.contribution_closing k using (contribution_id) where m.standing = 'new' and m.kind <> 'donor-refund'
union all
select 'contribution-unknown', 'error', m.file, m.line, 'contribution_id', m.contribution_id, 'the facility''s own line has no donor to give anything back to', 'correct the id'
from movement m where m.contribution_id = 'FACILITY' and m.kind in ('return', 'donor-refund')
union all
select 'period-closed', 'error', m.file, m.line, 'entry_date', m.entry_date::varchar, 'the book is closed through ' || p.through,
    'date it after that day, or reopen the period with a reason'
from movement_standing m, ledger.closed_period p where m.standing = 'new' and m.entry_date <= p.through
union all
select 'bank-unknown', 'error', m.file, m.line, 'bank', m.bank, 'the book has no account ' || m.bank || ' at a bank', 'enter it with `facility import banks`, or correct it'
from movement m where m.bank is not null and m.bank <> 'main' and not exists (select 1 from ledger.bank b where b.bank = m.bank)
union all
select 'bank-currency', 'error', m.file, m.line, 'currency', m.currency, 'the account ' || m.bank || ' is in ' || b.currency, 'name the account that the money moved on'
from movement m join ledger.bank b using (bank) where b.currency <> m.currency
union all
select 'id-differs-in-case', 'error', m.file, m.line, m.id_column, m.movement_id,
    'the book has entry ' || substr(e.reference, strpos(e.reference, '|') + 1) || ', which differs only in capitals',
    'write ' || substr(e.reference, strpos(e.reference, '|') + 1) || ', or choose another reference'
from movement m join ledger.entry e on lower(e.reference) = lower(m.reference) and e.reference <> m.reference
order by 3, 4, 5, 1, 7
