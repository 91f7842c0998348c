-- What the book refuses in the staged applications. One row a finding.
--   $base  the book's currency
select 'application-conflict', 'error', s.file, s.line, 'application_id', s.application_id, 'application ' || s.application_id || ' is already in the book with other content',
    'correct the row, or give another application another id'
from deposit_staged s where s.standing = 'conflict'
union all
select 'contribution-unknown', 'error', s.file, s.line, 'contribution_id', s.contribution_id, 'the book has no signed contribution ' || s.contribution_id, 'import the signed agreement first, or correct the id'
from deposit_staged s where s.standing = 'new' and (s.stage is distinct from 'agreement' or s.contribution_id = 'FACILITY')
union all
select 'nothing-unapplied', 'error', s.file, s.line, 'deposit_id', s.deposit_id, 'nothing of deposit ' || s.deposit_id || ' on ' || s.from_contribution_id || ' waits to be applied', 'correct the ids'
from deposit_staged s where s.standing = 'new' and coalesce(s.waiting, 0) <= 0
union all
select 'unapplied-exceeded', 'error', s.file, s.line, 'amount', s.amount::varchar,
    'of deposit ' || s.deposit_id || ' ' || ledger.printed(s.waiting, s.currency) || ' ' || s.currency || ' waits to be applied, and ' || ledger.printed(t.asked, s.currency) || ' is asked', 'correct the amount'
from deposit_staged s join (select deposit_id, from_contribution_id, sum(amount) as asked from deposit_staged where standing = 'new' group by all) t using (deposit_id, from_contribution_id)
where s.standing = 'new' and s.waiting > 0 and t.asked > s.waiting
union all
select 'rate-missing', 'error', s.file, s.line, 'contribution_id', r.currency, 'there is no rate for ' || r.currency || ' on ' || r.on_date::varchar
        || coalesce('; the latest before it is of ' || r.latest_date::varchar, ''), 'import a rate of that day, or of the weeks before it, with `facility import rates`'
from deposit_staged s join rate_in_force r on r.on_date = s.received_on and r.units_per_base is null and r.currency in (s.currency, s.contribution_currency)
where s.standing = 'new' and s.currency <> s.contribution_currency
union all
select 'amount-out-of-range', 'error', s.file, s.line, 'amount', s.amount::varchar, 'the amount is worth more ' || s.contribution_currency || ' than the book can hold', 'check the rates'
from deposit_staged s
join rate_in_force own on own.currency = s.currency and own.on_date = s.received_on
join rate_in_force theirs on theirs.currency = s.contribution_currency and theirs.on_date = s.received_on
where s.standing = 'new' and s.currency <> s.contribution_currency and s.contribution_currency <> $base and not ledger.fits(s.amount, own.units_per_base, theirs.units_per_base)
union all
select 'money-later', 'error', s.file, s.line, 'applied_on', s.received_on::varchar, 'deposit ' || s.deposit_id || ' came on ' || s.came_on, 'correct the day'
from deposit_staged s where s.standing = 'new' and s.received_on < s.came_on
union all
select 'contribution-closed', 'error', s.file, s.line, 'contribution_id', s.contribution_id, s.contribution_id || ' was closed on ' || k.closed_on, 'correct the id; nothing more comes on a closed contribution'
from deposit_staged s join ledger.contribution_closing k using (contribution_id) where s.standing = 'new'
union all
select 'period-closed', 'error', s.file, s.line, 'applied_on', s.received_on::varchar, 'the book is closed through ' || p.through, 'date it after that day, or reopen the period with a reason'
from deposit_staged s, ledger.closed_period p where s.standing = 'new' and s.received_on <= p.through
order by 3, 4, 5, 1, 7
