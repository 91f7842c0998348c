-- Adds the new rows to the latest version of what is due.
--   $log_id
insert into ledger.instalment
select s.contribution_id, coalesce((select max(i.version) from ledger.instalment i where i.contribution_id = s.contribution_id), 1), s.due_on, s.amount, s.content_digest, $log_id
from instalment_staged s where s.standing = 'new' order by s.contribution_id, s.due_on
