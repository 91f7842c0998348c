-- The entries of `new_entry` with the numbers that they get, in the order of their references, and the lines of `new_posting` by those numbers.
create or replace temp table entry_in as
select (select coalesce(max(entry_id), 0) from ledger.entry) + row_number() over (order by reference) as entry_id, reference, kind, entry_date, purpose, narration
from new_entry;

create or replace temp table posting_in as
select e.entry_id, p.line, p.account, p.currency, p.amount, p.base_amount, p.rate_id, p.contribution_id, p.request_id, p.party_id, p.commitment_id
from new_posting p join entry_in e using (reference);
