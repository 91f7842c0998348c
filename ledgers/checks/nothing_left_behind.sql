-- Where nothing is to come, to be met or to be applied any more, no value is left in the book's currency either. One row a breach.
select 'nothing of ' || contribution_id || ' in ' || currency || ' is left on ' || account || ', and it stands at ' || sum(base_amount) as finding
from ledger.posting where account in ('asset:receivable', 'asset:promissory-note', 'liability:deferred-contribution', 'liability:unapplied-receipts')
group by account, contribution_id, currency having sum(amount) = 0 and sum(base_amount) <> 0 order by finding
