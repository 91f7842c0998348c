-- What is allocated and not yet received is still to come, but for what was lost on exchange when some of it came. One row a breach.
with money as (
    select contribution_id,
        coalesce(sum(amount) filter (account = 'budget:allocated-uncollected'), 0) as uncollected,
        coalesce(sum(base_amount) filter (account in ('asset:receivable', 'asset:promissory-note')), 0) as receivable,
        coalesce(sum(base_amount) filter (account in ('income:exchange', 'expense:exchange')), 0) as lost
    from ledger.posting where contribution_id is not null group by contribution_id
)
select contribution_id || ' has ' || uncollected || ' allocated and not yet received, and ' || receivable || ' is still to come' as finding
from money where uncollected > 0 and uncollected > receivable + greatest(lost, 0) order by finding
