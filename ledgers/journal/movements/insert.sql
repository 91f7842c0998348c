-- Adds the movements whose entries have just been posted, each with the row that it came from.
--   $log_id
insert into ledger.movement
select m.entry_id, m.kind, m.movement_id, m.currency, m.amount, m.base_amount, m.rate_id, m.contribution_id, m.request_id, m.commitment_id, m.party_id,
    m.tranche, m.bank, m.note, m.content_digest, $log_id
from entry_in m
order by m.entry_id
