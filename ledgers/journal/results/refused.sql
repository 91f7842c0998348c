-- What the book refuses in the staged rows. One row a finding.
select 'result-conflict', 'error', s.file, s.line, 'indicator', s.indicator::varchar, s.indicator || ' of ' || s.request_id || ' on ' || s.reported_on || ' is already in the book with other content', 'correct the row'
from result_staged s where s.standing = 'conflict'
union all
select 'request-unknown', 'error', s.file, s.line, 'request_id', s.request_id, 'the book has no request ' || s.request_id, 'correct the id'
from result_staged s where not exists (select 1 from ledger.request r where r.request_id = s.request_id)
order by 3, 4, 5, 1, 7
