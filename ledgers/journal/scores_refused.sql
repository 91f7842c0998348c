-- What the book refuses in the staged scores. One row a finding.
select 'score-conflict', 'error', file, line, 'score', score::varchar,
    'the book already has a score of ' || known::varchar || ' from ' || reviewer || ' on ' || criterion || ' for ' || request_id,
    'scores stand as given: correct the row, or score under another reviewer'
from score_staged where standing = 'conflict'
union all
select 'request-unknown', 'error', s.file, s.line, 'request_id', s.request_id,
    'the book has no request ' || s.request_id, 'import the request first, or correct the id'
from score_staged s where not exists (select 1 from ledger.request r where r.request_id = s.request_id)
order by 3, 4, 5
