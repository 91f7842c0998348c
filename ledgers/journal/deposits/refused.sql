-- What the book refuses, or remarks on, in the staged deposits. One row a finding.
--   $base  the book's currency
select 'contribution-unknown', 'error', s.file, s.line, 'contribution_id', s.contribution_id,
    'the book has no contribution ' || s.contribution_id, 'import the contribution first, or correct the id'
from deposit_staged s where s.contribution_currency is null or s.contribution_id = 'FACILITY'
union all
select 'contribution-unknown', 'error', s.file, s.line, 'contribution_id', s.contribution_id, s.contribution_id || ' is a gift in kind, on which no cash comes', 'correct the id, or import the cash as a contribution of its own'
from deposit_staged s where s.stage = 'in-kind'
union all
select 'deposit-conflict', 'error', s.file, s.line, 'deposit_id', s.deposit_id,
    'deposit ' || s.deposit_id || ' on ' || s.contribution_id || ' is already in the book with other content',
    'correct the row; a posted deposit is corrected by a reversing entry'
from deposit_staged s where s.standing = 'conflict'
union all
select 'base-amount-differs', 'error', s.file, s.line, 'base_amount', s.base_amount::varchar,
    'a deposit in ' || $base || ' has the amount itself as its base amount, ' || ledger.printed(s.amount, $base), 'leave base_amount empty'
from deposit_staged s where s.standing = 'new' and s.currency = $base and s.base_amount <> s.amount
union all
select 'applied-exceeds-deposit', 'error', s.file, s.line, 'applied_amount', s.applied_amount::varchar,
    'the deposit of ' || ledger.printed(s.amount, s.currency) || ' ' || s.currency || ' cannot discharge more of a receivable in the same currency',
    'apply at most what came; where the bank kept charges, state the amount before them, and the charges as a bank-charge'
from deposit_staged s where s.standing = 'new' and s.currency = s.contribution_currency and s.applied_amount > s.amount
union all
select 'id-differs-in-case', 'error', s.file, s.line, 'deposit_id', s.deposit_id,
    'the book has deposit ' || d.deposit_id || ' on ' || d.contribution_id || ', which differs only in capitals', 'write ' || d.deposit_id || ', or choose another id'
from deposit_staged s join ledger.deposit d on d.contribution_id = s.contribution_id and lower(d.deposit_id) = lower(s.deposit_id) and d.deposit_id <> s.deposit_id
union all
select distinct 'deposit-inconsistent', 'error', s.file, s.line, 'deposit_id', s.deposit_id,
    'deposit ' || s.deposit_id || ' came on ' || d.received_on::varchar || ' in ' || d.currency || ' on another contribution; one wire has one day and one currency',
    'correct it, or give each wire a deposit_id of its own'
from deposit_staged s join ledger.deposit d on d.deposit_id = s.deposit_id and d.contribution_id <> s.contribution_id
where s.standing = 'new' and (d.received_on <> s.received_on or d.currency <> s.currency)
union all
select 'amount-out-of-range', 'error', s.file, s.line, 'amount', s.amount::varchar,
    'the amount is worth more ' || case when s.base_amount is null and s.currency <> $base and not ledger.fits(s.amount, own.units_per_base) then $base else s.contribution_currency end
        || ' than the book can hold', 'check its unit and the rates'
from deposit_staged s
join rate_in_force own on own.currency = s.currency and own.on_date = s.received_on
join rate_in_force theirs on theirs.currency = s.contribution_currency and theirs.on_date = s.received_on
where s.standing = 'new' and (
    (s.base_amount is null and s.currency <> $base and not ledger.fits(s.amount, own.units_per_base))
    or (s.applied_amount is null and s.currency <> s.contribution_currency and s.contribution_currency <> $base
        and not ledger.fits(s.amount, own.units_per_base, theirs.units_per_base))
)
union all
select 'rate-missing', 'error', s.file, s.line, case when r.currency = s.currency then 'currency' else 'contribution_id' end, r.currency,
    'there is no rate for ' || r.currency || ' on ' || r.on_date::varchar
        || coalesce('; the latest before it is of ' || r.latest_date::varchar, ''),
    'import a rate of that day, or of the weeks before it, with `facility import rates`'
from deposit_staged s join rate_in_force r on r.on_date = s.received_on and r.units_per_base is null
where s.standing = 'new' and (
    (r.currency = s.currency and s.base_amount is null)
    or (s.currency <> s.contribution_currency and s.applied_amount is null and r.currency in (s.currency, s.contribution_currency)
        and (s.contribution_currency <> $base or s.base_amount is null))
)
union all
select 'deposit-before-signing', 'warning', s.file, s.line, 'received_on', s.received_on::varchar,
    case when s.stage = 'pledge' then s.contribution_id || ' is a pledge; the money waits in unapplied receipts'
    else 'received before ' || s.contribution_id || ' was signed on ' || s.signed_on::varchar end,
    'check the date, or import the signed agreement'
from deposit_staged s where s.standing = 'new' and (s.stage = 'pledge' or s.received_on < s.signed_on)
union all
select 'period-closed', 'error', s.file, s.line, 'received_on', s.received_on::varchar, 'the book is closed through ' || p.through,
    'date it after that day, or reopen the period with a reason'
from deposit_staged s, ledger.closed_period p where s.standing = 'new' and s.received_on <= p.through
union all
select 'bank-unknown', 'error', s.file, s.line, 'bank', s.bank, 'the book has no account ' || s.bank || ' at a bank', 'enter it with `facility import banks`, or correct it'
from deposit_staged s where s.bank is not null and s.bank <> 'main' and not exists (select 1 from ledger.bank b where b.bank = s.bank)
union all
select 'bank-currency', 'error', s.file, s.line, 'currency', s.currency, 'the account ' || s.bank || ' is in ' || b.currency,
    'name the account that the money came on, or say in base_amount what the bank credited'
from deposit_staged s join ledger.bank b using (bank)
where s.standing = 'new' and b.currency <> case when s.base_amount is null then s.currency else $base end
union all
select 'note-unknown', 'error', s.file, s.line, 'note_id', s.note_id, 'there is no promissory note ' || s.note_id || ' for ' || s.contribution_id, 'import the note first, or correct the id'
from deposit_staged s where s.note_id is not null and not exists (select 1 from ledger.promissory_note n where n.note_id = s.note_id and n.contribution_id = s.contribution_id)
union all
select 'contribution-closed', 'error', s.file, s.line, 'contribution_id', s.contribution_id, s.contribution_id || ' was closed on ' || k.closed_on, 'correct the id; nothing more comes on a closed contribution'
from deposit_staged s join ledger.contribution_closing k using (contribution_id) where s.standing = 'new'
order by 3, 4, 5, 1, 7
