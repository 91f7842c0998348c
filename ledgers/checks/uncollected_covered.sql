-- What is allocated and not yet received is still to come, but for what was lost on exchange when some of it came, and for what its donor has since taken off the agreement
-- or was let off: that is at risk until it lapses, and no fault of the book; what has lapsed covers nothing again. One row a breach.
with money as (
    select p.contribution_id,
        coalesce(sum(p.amount) filter (p.account = 'budget:allocated-uncollected'), 0) as uncollected,
        coalesce(sum(p.base_amount) filter (p.account in ('asset:receivable', 'asset:promissory-note')), 0) as receivable,
        coalesce(sum(p.base_amount) filter (p.account in ('income:exchange', 'expense:exchange')), 0) as lost,
        coalesce(-sum(p.base_amount) filter (p.account = 'asset:receivable' and coalesce(taken.kind, e.kind) in ('amendment', 'write-off')), 0)
            + coalesce(sum(p.amount) filter (p.account = 'budget:allocated-uncollected' and coalesce(taken.kind, e.kind) = 'lapse'), 0) as lowered
    from ledger.posting p
    join ledger.entry e on e.entry_id = p.entry_id
    left join ledger.reversal back on back.entry_id = p.entry_id
    left join ledger.entry taken on taken.entry_id = back.reversed_entry_id
    where p.contribution_id is not null group by p.contribution_id
)
select contribution_id || ' has ' || uncollected || ' allocated and not yet received, and ' || receivable || ' is still to come' as finding
from money where uncollected > 0 and uncollected > receivable + greatest(lost, 0) + greatest(lowered, 0) order by finding
