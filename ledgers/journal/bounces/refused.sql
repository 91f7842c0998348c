-- What the book refuses in the staged bounces. One row a finding.
select 'bounce-conflict', 'error', s.file, s.line, 'deposit_id', s.deposit_id, 'deposit ' || s.deposit_id || ' on ' || s.contribution_id || ' bounced already, on another day or for another reason',
    'correct the row'
from bounce_staged s where s.standing = 'conflict'
union all
select 'deposit-unknown', 'error', s.file, s.line, 'deposit_id', s.deposit_id, 'the book has no deposit ' || s.deposit_id || ' on ' || s.contribution_id, 'correct the ids'
from bounce_staged s where s.deposit_entry_id is null
union all
select 'bounce-before-deposit', 'error', s.file, s.line, 'bounced_on', s.bounced_on::varchar, 'deposit ' || s.deposit_id || ' came on ' || s.received_on, 'correct the day'
from bounce_staged s where s.bounced_on < s.received_on
union all
select 'deposit-applied', 'error', s.file, s.line, 'deposit_id', s.deposit_id,
    'what deposit ' || s.deposit_id || ' left unapplied has been applied since (' || string_agg(a.application_id, ', ' order by a.application_id) || ')',
    'reverse the applications first, with `facility entry reverse`'
from bounce_staged s join ledger.application a on a.deposit_id = s.deposit_id and a.from_contribution_id = s.contribution_id
where s.standing = 'new' and not exists (select 1 from ledger.reversal r where r.reversed_entry_id = a.entry_id)
group by s.file, s.line, s.deposit_id
union all
select 'contribution-closed', 'error', s.file, s.line, 'contribution_id', s.contribution_id, s.contribution_id || ' was closed on ' || k.closed_on,
    'what the bank takes back afterwards is the facility''s loss: import it as a bank-charge with `facility import entries`'
from bounce_staged s join ledger.contribution_closing k using (contribution_id) where s.standing = 'new'
union all
select 'period-closed', 'error', s.file, s.line, 'bounced_on', s.bounced_on::varchar, 'the book is closed through ' || p.through, 'date it after that day, or reopen the period with a reason'
from bounce_staged s, ledger.closed_period p where s.standing = 'new' and s.bounced_on <= p.through
order by 3, 4, 5, 1, 7
