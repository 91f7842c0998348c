-- What the book refuses in the staged promissory notes. One row a finding.    `discharge_basis`
select 'note-conflict', 'error', s.file, s.line, 'note_id', s.note_id, 'note ' || s.note_id || ' is already in the book with other content', 'correct the row, or give another note another id'
from note_staged s where s.standing = 'conflict'
union all
select 'contribution-unknown', 'error', s.file, s.line, 'contribution_id', s.contribution_id, 'the book has no signed contribution ' || s.contribution_id, 'import the signed agreement first, or correct the id'
from note_staged s where s.stage is distinct from 'agreement' or s.contribution_id = 'FACILITY'
union all
select 'note-exceeds-contribution', 'error', s.file, s.line, 'amount', s.amount::varchar,
    'of ' || s.contribution_id || ' ' || ledger.printed(coalesce(b.outstanding, 0), s.currency) || ' ' || s.currency || ' is outstanding, and the notes come to ' || ledger.printed(t.asked, s.currency), 'correct the amount'
from note_staged s left join discharge_basis b on b.contribution_id = s.contribution_id and b.account = 'asset:receivable'
join (select contribution_id, sum(amount) as asked from note_staged where standing = 'new' group by contribution_id) t on t.contribution_id = s.contribution_id
where s.standing = 'new' and s.stage = 'agreement' and t.asked > coalesce(b.outstanding, 0)
union all
select 'period-closed', 'error', s.file, s.line, 'received_on', s.received_on::varchar, 'the book is closed through ' || p.through, 'date it after that day, or reopen the period with a reason'
from note_staged s, ledger.closed_period p where s.standing = 'new' and s.received_on <= p.through
order by 3, 4, 5, 1, 7
