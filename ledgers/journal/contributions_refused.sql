-- What the book refuses in the staged contributions. One row a finding: code, severity, file, line, column, value, reason, remedy.
--   $base  the book's currency
select 'contribution-conflict', 'error', s.file, s.line, 'contribution_id', s.contribution_id,
    'contribution ' || s.contribution_id || ' is already in the book with other content',
    'correct the row, or record the change with `facility contribution amend`'
from contribution_staged s where s.standing = 'conflict'
union all
select 'id-reserved', 'error', s.file, s.line, 'contribution_id', s.contribution_id,
    'FACILITY is the facility''s own line', 'choose another id'
from contribution_staged s where upper(s.contribution_id) = 'FACILITY'
union all
select 'donor-kind-conflict', 'error', s.file, s.line, 'donor_kind', s.donor_kind,
    'the book knows donor ' || d.donor || ' as ' || d.donor_kind, 'write ' || d.donor_kind || ', or another name for another donor'
from contribution_staged s join ledger.donor d using (donor_id) where d.donor_kind <> s.donor_kind
union all
select 'rate-missing', 'error', s.file, s.line, 'currency', s.currency,
    'there is no rate for ' || s.currency || ' on ' || r.on_date::varchar
        || coalesce('; the latest before it is of ' || r.latest_date::varchar, ''),
    'import a rate of that day, or of the weeks before it, with `facility import rates`'
from contribution_staged s
join rate_in_force r on r.currency = s.currency and r.on_date = coalesce(s.signed_on, $on::date)
where s.standing in ('new', 'signing') and r.units_per_base is null
order by 3, 4, 5
