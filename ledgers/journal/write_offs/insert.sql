-- Adds the write-offs whose entries have just been posted.
--   $log_id
insert into ledger.write_off
select s.write_off_id, s.contribution_id, s.written_off_on, s.amount, s.reason, s.content_digest, e.entry_id, $log_id
from write_off_staged s join ledger.entry e using (reference) where s.standing = 'new' order by s.write_off_id
