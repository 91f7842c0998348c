-- What the book refuses in the staged requests. One row a finding.
--   $base  the book's currency
select 'request-conflict', 'error', s.file, s.line, 'request_id', s.request_id,
    'request ' || s.request_id || ' is already in the book with other content', 'correct the row, or give a new request a new id'
from request_staged s where s.standing = 'conflict'
union all
select 'request-unknown', 'error', s.file, s.line, 'continues', s.continues,
    'the book has no request ' || s.continues || ' to continue', 'import that request first, or correct the id'
from request_staged s
where s.continues is not null and s.standing = 'new'
    and not exists (select 1 from ledger.request r where r.request_id = s.continues)
    and not exists (select 1 from request_staged o where o.request_id = s.continues)
union all
select 'rate-missing', 'error', s.file, s.line, 'currency', s.currency,
    'there is no rate for ' || s.currency || ' on ' || r.on_date::varchar
        || coalesce('; the latest before it is of ' || r.latest_date::varchar, ''),
    'import a rate of that day, or of the weeks before it, with `facility import rates`'
from request_staged s join rate_in_force r on r.currency = s.currency
where s.standing = 'new' and r.units_per_base is null
union all
select 'id-differs-in-case', 'error', s.file, s.line, 'request_id', s.request_id,
    'the book has request ' || r.request_id || ', which differs only in capitals', 'write ' || r.request_id || ', or choose another id'
from request_staged s join ledger.request r on lower(r.request_id) = lower(s.request_id) and r.request_id <> s.request_id
union all
select 'amount-out-of-range', 'error', s.file, s.line, 'amount_requested', s.amount_requested::varchar,
    case when ledger.fits(s.amount_requested, r.units_per_base) then 'the ask is worth less than the smallest unit of ' || $base
        else 'the ask is worth more ' || $base || ' than the book can hold' end,
    'check its unit and the rate of ' || s.currency
from request_staged s join rate_in_force r on r.currency = s.currency join ledger.currency b on b.currency = $base
where s.standing = 'new' and case
    when s.currency = $base then false
    when not ledger.fits(s.amount_requested, r.units_per_base) then true
    else ledger.converted_down(s.amount_requested, r.units_per_base, b.places) = 0 end
order by 3, 4, 5, 1, 7
