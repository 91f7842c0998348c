-- What the book refuses in the staged contributions. One row a finding: code, severity, file, line, column, value, reason, remedy.
--   $base  the book's currency   $on  day of import
with first_named as (
    select donor_id, first(donor_kind order by file, line) as donor_kind, first(file order by file, line) as file, first(line order by file, line) as line
    from contribution_staged group by donor_id
),
first_placed as (
    select donor_id, first(donor_country order by file, line) as donor_country, first(file order by file, line) as file, first(line order by file, line) as line
    from contribution_staged where donor_country is not null group by donor_id
)
select 'contribution-conflict', 'error', s.file, s.line, 'contribution_id', s.contribution_id,
    'contribution ' || s.contribution_id || ' is already in the book with other content',
    'correct the row, or record the change with `facility contribution amend`'
from contribution_staged s where s.standing = 'conflict'
union all
select 'donor-kind-conflict', 'error', s.file, s.line, 'donor_kind', s.donor_kind,
    'the book knows donor ' || d.donor || ' as ' || d.donor_kind, 'write ' || d.donor_kind || ', or another name for another donor'
from contribution_staged s join ledger.donor d using (donor_id) where d.donor_kind <> s.donor_kind
union all
select 'donor-kind-conflict', 'error', s.file, s.line, 'donor_kind', s.donor_kind,
    'donor ' || s.donor || ' is a ' || f.donor_kind || ' on line ' || f.line || ' of ' || f.file, 'write ' || f.donor_kind || ', or another name for another donor'
from contribution_staged s join first_named f using (donor_id)
where f.donor_kind <> s.donor_kind and not exists (select 1 from ledger.donor d where d.donor_id = s.donor_id)
union all
select 'donor-country-conflict', 'error', s.file, s.line, 'donor_country', s.donor_country,
    'donor ' || s.donor || ' is of ' || coalesce(d.donor_country, f.donor_country)
        || case when d.donor_country is null then ' on line ' || f.line || ' of ' || f.file else ' in the book' end,
    'write ' || coalesce(d.donor_country, f.donor_country) || ', or another name for another donor'
from contribution_staged s left join ledger.donor d using (donor_id) left join first_placed f using (donor_id)
where s.donor_country <> coalesce(d.donor_country, f.donor_country)
union all
select 'id-differs-in-case', 'error', s.file, s.line, 'contribution_id', s.contribution_id,
    'the book has contribution ' || c.contribution_id || ', which differs only in capitals', 'write ' || c.contribution_id || ', or choose another id'
from contribution_staged s join ledger.contribution_now c on lower(c.contribution_id) = lower(s.contribution_id) and c.contribution_id <> s.contribution_id
union all
select 'amount-out-of-range', 'error', s.file, s.line, 'amount', s.amount::varchar,
    'the amount is worth more ' || $base || ' than the book can hold at ' || r.units_per_base::varchar || ' ' || s.currency || ' per ' || $base,
    'split the contribution, or check its unit and the rate'
from contribution_staged s join rate_in_force r on r.currency = s.currency and r.on_date = coalesce(s.signed_on, $on::date)
where s.standing in ('new', 'signing') and s.currency <> $base and not ledger.fits(s.amount, r.units_per_base)
union all
select 'rate-missing', 'error', s.file, s.line, 'currency', s.currency,
    'there is no rate for ' || s.currency || ' on ' || r.on_date::varchar
        || coalesce('; the latest before it is of ' || r.latest_date::varchar, ''),
    'import a rate of that day, or of the weeks before it, with `facility import rates`'
from contribution_staged s
join rate_in_force r on r.currency = s.currency and r.on_date = coalesce(s.signed_on, $on::date)
where s.standing in ('new', 'signing') and r.units_per_base is null
union all
select 'period-closed', 'error', s.file, s.line, 'signed_on', coalesce(s.signed_on, $on::date)::varchar, 'the book is closed through ' || p.through,
    'date it after that day, or reopen the period with a reason'
from contribution_staged s, ledger.closed_period p where s.standing in ('new', 'signing') and coalesce(s.signed_on, $on::date) <= p.through
union all
select 'fee-schedule-unknown', 'error', s.file, s.line, 'fee_schedule', s.fee_schedule, 'the book has no schedule of fees ' || s.fee_schedule, 'import it with `facility import fee_schedules`, or correct the name'
from contribution_staged s where s.fee_schedule is not null and not exists (select 1 from ledger.fee_tier t where t.fee_schedule = s.fee_schedule)
order by 3, 4, 5, 1, 7
