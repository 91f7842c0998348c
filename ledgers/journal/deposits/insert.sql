-- Adds the deposits whose entries have just been posted.
--   $log_id
insert into ledger.deposit
select a.deposit_id, a.contribution_id, a.received_on, a.currency, a.amount, a.base_received, a.rate_id, a.applied, a.own_unapplied, a.base_unapplied,
    a.content_digest, e.entry_id, $log_id, a.bank, a.note_id
from deposit_applied a join ledger.entry e using (reference)
order by a.deposit_id, a.contribution_id
