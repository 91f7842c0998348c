-- What the book refuses in the staged scores. One row a finding.
select 'score-conflict', 'error', file, line, 'score', score::varchar,
    'the book already has a score of ' || known::varchar || ' from ' || reviewer || ' on ' || criterion || ' for ' || request_id,
    'scores stand as given: correct the row, or score under another reviewer'
from score_staged where standing = 'conflict'
union all
select 'request-unknown', 'error', s.file, s.line, 'request_id', s.request_id,
    'the book has no request ' || s.request_id, 'import the request first, or correct the id'
from score_staged s where not exists (select 1 from ledger.request r where r.request_id = s.request_id)
union all
select 'id-differs-in-case', 'error', s.file, s.line, case when k.reviewer <> s.reviewer then 'reviewer' else 'criterion' end,
    case when k.reviewer <> s.reviewer then s.reviewer else s.criterion end,
    'the book has a score from ' || k.reviewer || ' on ' || k.criterion || ' for ' || k.request_id || ', which differs only in capitals',
    'write ' || k.reviewer || ' and ' || k.criterion || ', or choose other names'
from score_staged s join ledger.score k on k.request_id = s.request_id and lower(k.reviewer) = lower(s.reviewer) and lower(k.criterion) = lower(s.criterion)
where k.reviewer <> s.reviewer or k.criterion <> s.criterion
order by 3, 4, 5, 1, 7
