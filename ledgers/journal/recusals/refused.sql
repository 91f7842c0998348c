-- What the book refuses, or remarks on, in the staged recusals. One row a finding.
select 'recusal-conflict', 'error', file, line, 'reason', coalesce(reason, ''),
    'the book already has the recusal of ' || reviewer || ' on ' || request_id || coalesce(' because of "' || known || '"', ' without a reason'),
    'recusals stand as given: write the same reason, or leave the row out'
from recusal_staged where standing = 'conflict'
union all
select 'request-unknown', 'error', s.file, s.line, 'request_id', s.request_id,
    'the book has no request ' || s.request_id, 'import the request first, or correct the id'
from recusal_staged s where not exists (select 1 from ledger.request r where r.request_id = s.request_id)
union all
select distinct 'recusal-after-opening', 'warning', s.file, s.line, 'request_id', s.request_id,
    'request ' || s.request_id || ' stands in open round ' || f.round_id || ' with the merit that it had',
    'cancel that round and open a new one, if the recusal is to count there'
from recusal_staged s join ledger.round_request f using (request_id) join ledger.round_state r using (round_id)
where s.standing = 'new' and r.state = 'open'
    and exists (select 1 from ledger.score k where k.request_id = s.request_id and lower(k.reviewer) = lower(s.reviewer))
order by 3, 4, 5, 1, 7
