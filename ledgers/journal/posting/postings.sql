-- Adds the lines of `new_posting` to the entries of the same reference, all in one statement so that the balance triggers see whole entries.
insert into ledger.posting
select e.entry_id, p.line, p.account, p.currency, p.amount, p.base_amount, p.rate_id, p.contribution_id, p.request_id, p.party_id, p.commitment_id
from new_posting p join ledger.entry e using (reference)
where exists (select 1 from new_entry n where n.reference = e.reference)
order by e.entry_id, p.line
