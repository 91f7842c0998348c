-- Two budget lines for what each payment takes of its contribution's cash, out of what is available into what is allocated to the request; and
-- two for what it takes of money not yet received, which is allocated, and not collected, against the resources to come.
--   `allocation_split`   $base
create or replace temp table new_posting as
with moved(step, account, side, is_collected) as (values
    (1, 'budget:allocated', 1, true), (2, 'budget:available', -1, true), (3, 'budget:allocated-uncollected', 1, false), (4, 'budget:resource', -1, false)
),
line as (
    select p.*, m.*, m.side * case when m.is_collected then p.collected else p.amount - p.collected end as part
    from allocation_split p cross join moved m
)
select
    'allocation|' || round_id || '|' || request_id as reference,
    row_number() over (partition by request_id order by contribution_id, step)::integer as line,
    account, $base as currency, part::decimal(18, 4) as amount, part::decimal(18, 4) as base_amount,
    null::bigint as rate_id, contribution_id, request_id, null::varchar as party_id, null::varchar as commitment_id
from line where part <> 0
