-- What the book refuses in the staged opening balances. One row a finding.
--   $base  the book's currency    `discharge_basis`, `rate_in_force`
with needs(item, of_contribution, of_request, of_agreement, in_base) as (values
    ('cash', false, false, false, false), ('received', true, false, false, false), ('unapplied', true, false, false, false), ('available', true, false, false, true),
    ('allocated', true, true, false, true), ('committed', true, true, true, true), ('advance', true, true, true, true), ('spent', true, true, true, true),
    ('fees', true, false, false, true), ('owed-to-donor', true, false, false, true)
)
select 'opening-conflict', 'error', s.file, s.line, 'opening_id', s.opening_id, 'opening balance ' || s.opening_id || ' is already in the book with other content',
    'correct the row, or give another balance another id'
from opening_staged s where s.standing = 'conflict'
union all
select 'opening-unclear', 'error', s.file, s.line, w.col, null, 'a balance of ' || s.item || ' is of a ' || w.what || ', and the cell is empty', 'fill the cell'
from opening_staged s join needs n using (item)
cross join lateral (values ('contribution_id', 'contribution', n.of_contribution and s.contribution_id is null), ('request_id', 'request', n.of_request and s.request_id is null),
    ('commitment_id', 'grant agreement', n.of_agreement and s.commitment_id is null), ('implementer', 'grant agreement with an implementer', n.of_agreement and s.implementer is null),
    ('signed_on', 'grant agreement signed on a day', n.of_agreement and s.signed_on is null)) w(col, what, is_missing)
where w.is_missing
union all
select 'contribution-unknown', 'error', s.file, s.line, 'contribution_id', s.contribution_id, 'the book has no signed contribution ' || s.contribution_id,
    'import the agreement first, with the amount that was signed'
from opening_staged s where s.contribution_id is not null and s.contribution_id <> 'FACILITY' and s.stage is distinct from 'agreement'
union all
select 'request-unknown', 'error', s.file, s.line, 'request_id', s.request_id, 'the book has no request ' || s.request_id, 'import the request first'
from opening_staged s where s.request_id is not null and not exists (select 1 from ledger.request r where r.request_id = s.request_id)
union all
select 'currency-not-base', 'error', s.file, s.line, 'currency', s.currency, 'a balance of ' || s.item || ' is kept in ' || $base, 'state the amount in ' || $base
from opening_staged s join needs n using (item) where n.in_base and s.currency <> $base
union all
select 'opening-currency', 'error', s.file, s.line, 'currency', s.currency, 'contribution ' || s.contribution_id || ' is in ' || s.contribution_currency,
    'state what was received of it in ' || s.contribution_currency
from opening_staged s where s.item = 'received' and s.currency <> s.contribution_currency
union all
select 'received-exceeded', 'error', s.file, s.line, 'amount', s.amount::varchar,
    'of ' || s.contribution_id || ' ' || ledger.printed(coalesce(b.outstanding, 0), s.currency) || ' ' || s.currency || ' is outstanding, and ' || ledger.printed(t.asked, s.currency) || ' was received',
    'correct the amount, or the amount of the agreement; what came beyond it is unapplied'
from opening_staged s left join discharge_basis b on b.contribution_id = s.contribution_id and b.account = 'asset:receivable'
join (select contribution_id, sum(amount) as asked from opening_staged where standing = 'new' and item = 'received' group by contribution_id) t on t.contribution_id = s.contribution_id
where s.standing = 'new' and s.item = 'received' and s.stage = 'agreement' and t.asked > coalesce(b.outstanding, 0)
union all
select 'opening-agreement', 'error', s.file, s.line, 'commitment_id', s.commitment_id, 'the rows of agreement ' || s.commitment_id || ' name two requests, implementers or days of signing, or it is signed in the book already',
    'give each agreement one of each'
from opening_staged s
where s.standing = 'new' and s.commitment_id is not null and (
    exists (select 1 from opening_staged o where o.commitment_id = s.commitment_id and (o.request_id <> s.request_id or o.implementer <> s.implementer or o.signed_on <> s.signed_on))
    or exists (select 1 from ledger.commitment c where c.commitment_id = s.commitment_id))
union all
select 'bank-unknown', 'error', s.file, s.line, 'bank', s.bank, 'the book has no account ' || s.bank || ' at a bank', 'enter it with `facility import banks`, or correct it'
from opening_staged s where s.bank is not null and s.bank <> 'main' and not exists (select 1 from ledger.bank b where b.bank = s.bank)
union all
select 'base-amount-differs', 'error', s.file, s.line, 'base_amount', s.base_amount::varchar, 'an amount in ' || $base || ' is its own base amount, ' || ledger.printed(s.amount, $base), 'leave base_amount empty'
from opening_staged s where s.currency = $base and s.base_amount <> s.amount
union all
select 'rate-missing', 'error', s.file, s.line, 'currency', s.currency, 'there is no rate for ' || s.currency || ' on ' || r.on_date::varchar
        || coalesce('; the latest before it is of ' || r.latest_date::varchar, ''), 'import a rate of that day, or of the weeks before it, with `facility import rates`, or give base_amount'
from opening_staged s join rate_in_force r on r.currency = s.currency and r.on_date = s.as_of and r.units_per_base is null
where s.standing = 'new' and s.base_amount is null and s.item <> 'received'
union all
select 'period-closed', 'error', s.file, s.line, 'as_of', s.as_of::varchar, 'the book is closed through ' || p.through, 'date it after that day, or reopen the period with a reason'
from opening_staged s, ledger.closed_period p where s.standing = 'new' and s.as_of <= p.through
order by 3, 4, 5, 1, 7
