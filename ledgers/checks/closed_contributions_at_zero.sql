-- Nothing is to come on a closed contribution, and nothing of it may still be decided on. One row a breach.
select k.contribution_id || ' was closed on ' || k.closed_on || ', and ' || sum(p.base_amount) || ' stands on ' || p.account as finding
from ledger.contribution_closing k join ledger.posting p using (contribution_id)
where p.account in ('asset:receivable', 'asset:promissory-note', 'liability:unapplied-receipts', 'liability:deferred-contribution', 'budget:available', 'budget:conditional',
    'budget:allocated-uncollected')
group by k.contribution_id, k.closed_on, p.account having sum(p.amount) <> 0 or sum(p.base_amount) <> 0 order by finding
