-- How much of each payment of a decision is paid from cash, and how much from money signed for and not yet received. The cash is what the
-- contribution has less the cash that open rounds opened earlier hold; it goes to its requests in the order of their ids. A round on cash alone pays all from cash.
--   $round_id  $decision  $agreements
create or replace temp table allocation_split as
with claimed as (
    select h.contribution_id, sum(h.available - coalesce(v.receivable, 0)) as claimed
    from ledger.round_contribution h join ledger.round_state s using (round_id) join ledger.round r using (round_id)
    left join ledger.round_receivable v using (round_id, contribution_id)
    where s.state = 'open' and h.round_id <> $round_id and r.log_id < (select o.log_id from ledger.round o where o.round_id = $round_id)
    group by h.contribution_id
),
ordered as (
    select p.round_id, p.request_id, p.contribution_id, p.amount,
        coalesce(sum(p.amount) over (partition by p.contribution_id order by p.request_id rows between unbounded preceding and 1 preceding), 0) as before,
        greatest(0, coalesce(a.available, 0) - coalesce(c.claimed, 0)) as cash
    from ledger.payment p left join ledger.contribution_available a using (contribution_id) left join claimed c using (contribution_id)
    where p.round_id = $round_id and p.decision = $decision
)
select round_id, request_id, contribution_id, amount,
    case when $agreements::boolean then greatest(0, least(amount, cash - before)) else amount end::decimal(18, 4) as collected
from ordered
