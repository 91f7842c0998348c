-- Adds the lines of `posting_in`, all in one statement so that the balance triggers see whole entries.
insert into ledger.posting
select entry_id, line, account, currency, amount, base_amount, rate_id, contribution_id, request_id, party_id, commitment_id
from posting_in
