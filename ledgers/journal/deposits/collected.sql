-- Which allocations each new deposit collects: money allocated before it was received is no longer available when it comes. The oldest allocation
-- is collected first, then in the order of requests; a contribution's deposits follow each other in the order of receipt. Both are laid end to
-- end, and each deposit collects what lies over it; the fee on it and what waits for a condition collect nothing. One row a (deposit, request), numbered
-- within the deposit.
create or replace temp table deposit_collected as
with waiting as (
    select p.contribution_id, p.request_id, min(p.entry_id) as since, sum(p.amount) as amount
    from ledger.posting p where p.account = 'budget:allocated-uncollected' group by p.contribution_id, p.request_id having sum(p.amount) > 0
),
laid as (
    select *, sum(amount) over (partition by contribution_id order by since, request_id) as upto from waiting
),
free as (
    select a.reference, a.contribution_id, a.donor_id, a.received_on, a.base_applied - coalesce(w.waiting, 0) - least(f.fee, a.base_applied - coalesce(w.waiting, 0)) as amount
    from deposit_applied a join deposit_fee f using (reference) left join deposit_waiting w using (reference)
),
arriving as (
    select reference, contribution_id, donor_id, amount,
        sum(amount) over (partition by contribution_id order by received_on, reference) as upto
    from free where amount > 0
)
select d.reference, d.contribution_id, d.donor_id, l.request_id,
    (least(d.upto, l.upto) - greatest(d.upto - d.amount, l.upto - l.amount))::decimal(18, 4) as amount,
    row_number() over (partition by d.reference order by l.since, l.request_id) as position
from arriving d join laid l using (contribution_id)
where least(d.upto, l.upto) > greatest(d.upto - d.amount, l.upto - l.amount)
