-- What the book refuses in the staged write-offs. One row a finding.    `discharge_basis`
select 'write-off-conflict', 'error', s.file, s.line, 'write_off_id', s.write_off_id, 'write-off ' || s.write_off_id || ' is already in the book with other content',
    'correct the row, or give another write-off another id'
from write_off_staged s where s.standing = 'conflict'
union all
select 'contribution-unknown', 'error', s.file, s.line, 'contribution_id', s.contribution_id, 'the book has no signed contribution ' || s.contribution_id, 'correct the id'
from write_off_staged s where s.stage is distinct from 'agreement' or s.contribution_id = 'FACILITY'
union all
select 'write-off-conditional', 'error', s.file, s.line, 'contribution_id', s.contribution_id,
    s.contribution_id || ' has conditions: what is not expected of it was never income', 'lower its amount with `facility contribution amend --amount`'
from write_off_staged s where s.is_conditional
union all
select 'write-off-exceeded', 'error', s.file, s.line, 'amount', s.amount::varchar,
    'of ' || s.contribution_id || ' ' || ledger.printed(coalesce(b.outstanding, 0), s.currency) || ' ' || s.currency || ' is outstanding, and ' || ledger.printed(t.asked, s.currency) || ' would be written off',
    'correct the amount'
from write_off_staged s left join discharge_basis b on b.contribution_id = s.contribution_id and b.account = 'asset:receivable'
join (select contribution_id, sum(amount) as asked from write_off_staged where standing = 'new' group by contribution_id) t on t.contribution_id = s.contribution_id
where s.standing = 'new' and s.stage = 'agreement' and t.asked > coalesce(b.outstanding, 0)
union all
select 'period-closed', 'error', s.file, s.line, 'written_off_on', s.written_off_on::varchar, 'the book is closed through ' || p.through, 'date it after that day, or reopen the period with a reason'
from write_off_staged s, ledger.closed_period p where s.standing = 'new' and s.written_off_on <= p.through
order by 3, 4, 5, 1, 7
