-- Adds the conditions whose entries have just been posted.
--   $log_id
insert into ledger.contribution_condition
select s.contribution_id, s.condition, s.met_on, s.amount, s.source, s.content_digest, e.entry_id, $log_id
from contribution_condition_staged s join ledger.entry e using (reference) where s.standing = 'new' order by s.contribution_id, s.condition
