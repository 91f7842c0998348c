-- Adds the notes whose entries have just been posted.
--   $log_id
insert into ledger.promissory_note
select s.note_id, s.contribution_id, s.received_on, s.amount, s.content_digest, e.entry_id, $log_id
from note_staged s join ledger.entry e using (reference) where s.standing = 'new' order by s.note_id
