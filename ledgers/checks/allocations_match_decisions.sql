-- The allocations of a posted round are its decision's payments, to the cent and no other. One row a breach.
with decided as (
    select p.round_id, p.request_id, p.contribution_id, p.amount
    from ledger.round_state s join ledger.payment p on p.round_id = s.round_id and p.decision = s.decision where s.state = 'posted'
),
posted as (
    select string_split(e.reference, '|')[2] as round_id, p.request_id, p.contribution_id, sum(p.amount) as amount
    from ledger.entry e join ledger.posting p using (entry_id)
    where e.kind = 'allocation' and p.account in ('budget:allocated', 'budget:allocated-uncollected') group by 1, 2, 3
)
select 'round ' || coalesce(d.round_id, p.round_id) || ': ' || coalesce(d.contribution_id, p.contribution_id) || ' to ' || coalesce(d.request_id, p.request_id)
    || ' decided ' || coalesce(d.amount, 0) || ', posted ' || coalesce(p.amount, 0) as finding
from decided d full join posted p using (round_id, request_id, contribution_id)
where d.amount is distinct from p.amount order by finding
