-- What the book refuses in any movement. One row a finding: code, severity, file, line, column, value, reason, remedy.
select 'entry-conflict', 'error', k.file, k.line, k.id_column, k.movement_id,
    'entry ' || k.movement_id || ' is already in the book with other content', 'give another movement another reference'
from movement_standing k where k.standing = 'conflict' and k.kind <> 'reversal'
union all
select 'contribution-unknown', 'error', m.file, m.line, 'contribution_id', m.contribution_id,
    'the book has no contribution ' || m.contribution_id, 'correct the id, or leave it empty'
from movement m where m.contribution_id is not null and not exists (select 1 from ledger.contribution c where c.contribution_id = m.contribution_id)
union all
select 'request-unknown', 'error', m.file, m.line, 'request_id', m.request_id,
    'the book has no request ' || m.request_id, 'correct the id'
from movement m where m.request_id is not null and not exists (select 1 from ledger.request r where r.request_id = m.request_id)
union all
select 'nothing-to-move', 'error', m.file, m.line, 'amount', null,
    case m.kind when 'release' then 'nothing of ' || m.commitment_id || ' is left to release' else 'nothing of ' || m.contribution_id || ' is left that could be returned' end,
    'correct the id, or leave the row out'
from movement_standing m where m.standing = 'new' and m.amount = 0 and m.kind in ('release', 'return')
union all
select 'contribution-closed', 'error', m.file, m.line, 'contribution_id', m.contribution_id, m.contribution_id || ' was closed on ' || k.closed_on,
    'correct the id; only what is owed to its donor still moves on a closed contribution'
from movement_standing m join ledger.contribution_closing k using (contribution_id) where m.standing = 'new' and m.kind <> 'donor-refund'
union all
select 'contribution-unknown', 'error', m.file, m.line, 'contribution_id', m.contribution_id, 'the facility''s own line has no donor to give anything back to', 'correct the id'
from movement m where m.contribution_id = 'FACILITY' and m.kind in ('return', 'donor-refund')
union all
select 'period-closed', 'error', m.file, m.line, 'entry_date', m.entry_date::varchar, 'the book is closed through ' || p.through,
    'date it after that day, or reopen the period with a reason'
from movement_standing m, ledger.closed_period p where m.standing = 'new' and m.entry_date <= p.through
union all
select 'id-differs-in-case', 'error', m.file, m.line, m.id_column, m.movement_id,
    'the book has entry ' || substr(e.reference, strpos(e.reference, '|') + 1) || ', which differs only in capitals',
    'write ' || substr(e.reference, strpos(e.reference, '|') + 1) || ', or choose another reference'
from movement m join ledger.entry e on lower(e.reference) = lower(m.reference) and e.reference <> m.reference
order by 3, 4, 5, 1, 7
