-- The lines of each reversal: those of the entry, the other way round.
insert into posting_in
select m.entry_id, p.line, p.account, p.currency, -p.amount, -p.base_amount, p.rate_id, p.contribution_id, p.request_id, p.party_id, p.commitment_id
from entry_in m join reversal_asked s on 'reversal|' || s.reversed_reference = m.reference
join ledger.posting p on p.entry_id = s.reversed_entry_id
