-- The lines of each reversal: those of the entry, and of the fee that it bore, the other way round.
insert into posting_in
select m.entry_id, row_number() over (partition by m.entry_id order by p.entry_id, p.line)::integer, p.account, p.currency, -p.amount, -p.base_amount, p.rate_id,
    p.contribution_id, p.request_id, p.party_id, p.commitment_id
from entry_in m join reversal_asked s on 'reversal|' || s.reversed_reference = m.reference
join ledger.entry e on e.reference in (s.reversed_reference, 'fee|' || s.reversed_reference)
join ledger.posting p on p.entry_id = e.entry_id
