-- Two budget lines for each payment: out of what its contribution has available, into what is allocated to the request.
--   $round_id  $decision  $base
create or replace temp table new_posting as
with moved(step, account, side) as (values (1, 'budget:allocated', 1), (2, 'budget:available', -1))
select
    'allocation|' || p.round_id || '|' || p.request_id as reference,
    row_number() over (partition by p.request_id order by p.contribution_id, m.step)::integer as line,
    m.account, $base as currency, (m.side * p.amount)::decimal(18, 4) as amount, (m.side * p.amount)::decimal(18, 4) as base_amount,
    null::bigint as rate_id, p.contribution_id, p.request_id, null::varchar as party_id
from ledger.payment p cross join moved m
where p.round_id = $round_id and p.decision = $decision
