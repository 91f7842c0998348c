-- One row per kind of funding decision, net of what was cancelled, released or came back: awards to requests under one label, the rest by purpose.
--   $as_of     last entry date
--   $known_at  UTC time or null: what was written not after it
--   $requests  label of the awards to requests
-- Ordered: requests first, then by first decision.
select
    case when request_id is not null then $requests else coalesce(purpose, 'administration') end as label,
    sum(amount) as amount,
    coalesce(sum(case when counts_as in ('cancellation', 'lapse', 'release') then -amount else 0 end), 0) as cancelled,
    coalesce(sum(case when counts_as in ('refund', 'recovery') then -amount else 0 end), 0) as came_back
from report.postings
where account in ('budget:allocated', 'budget:allocated-uncollected', 'budget:committed', 'budget:disbursed')
    and entry_date <= $as_of
    and ($known_at::timestamp is null or recorded_at <= $known_at::timestamp)
group by 1
order by min(case when request_id is not null then 0 else 1 end), min(entry_id)
