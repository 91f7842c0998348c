-- Adds the applications whose entries have just been posted. What a contribution can take no more of stays unapplied.
--   $log_id
insert into ledger.application
select a.application_id, a.deposit_id, a.from_contribution_id, a.contribution_id, a.received_on, a.currency, a.own_applied, a.base_applied, a.applied, a.content_digest,
    e.entry_id, $log_id
from deposit_applied a join ledger.entry e using (reference) order by a.application_id
