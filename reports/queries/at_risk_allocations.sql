-- One row per contribution and request with money that could still be taken from it: by stage, with the day of its last allocation, in the book's currency.
--   $as_of     last entry date
--   $known_at  UTC time or null: what was written not after it
-- Ordered by contribution, the latest allocation first, then request.
select p.contribution_id, p.request_id, q.title, q.applicant,
    max(p.entry_date) filter (p.counts_as = 'allocation' and p.amount > 0 and p.account in ('budget:allocated', 'budget:allocated-uncollected')) as allocated_on,
    sum(case when p.account = 'budget:allocated-uncollected' then p.amount else 0 end) as uncollected,
    sum(case when p.account = 'budget:allocated' then p.amount else 0 end) as allocated,
    sum(case when p.account = 'budget:committed' then p.amount else 0 end) as committed,
    sum(case when p.account = 'budget:disbursed' then p.amount else 0 end) as disbursed,
    string_agg(distinct p.commitment_id, ', ' order by p.commitment_id) filter (p.account = 'budget:committed') as agreements
from report.postings p
join report.requests q on q.request_id = p.request_id
where p.contribution_id is not null and p.account in ('budget:allocated-uncollected', 'budget:allocated', 'budget:committed', 'budget:disbursed')
    and p.entry_date <= $as_of and ($known_at::timestamp is null or p.recorded_at <= $known_at::timestamp)
group by p.contribution_id, p.request_id, q.title, q.applicant
order by p.contribution_id, allocated_on desc nulls last, p.request_id
