-- Adds the bounces whose entries have just been posted.
--   $log_id
insert into ledger.bounce
select s.deposit_id, s.contribution_id, s.bounced_on, s.reason, s.content_digest, e.entry_id, $log_id
from bounce_staged s join ledger.entry e using (reference) where s.standing = 'new' order by s.deposit_id, s.contribution_id
