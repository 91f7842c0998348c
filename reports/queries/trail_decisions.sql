-- One row per entry, round and request whose posted decision it stands on: an allocation on its own round's, any other entry for a request on those
-- that were posted before it and pay the request from the entry's contributions.
--   $entry_ids  list of the entries' numbers
-- Ordered by entry, day of posting, round and request.
with named as (
    select distinct p.entry_id, p.contribution_id, p.request_id, e.recorded_at, e.reference
    from report.entry_lines p
    join report.entries e on e.entry_id = p.entry_id
    where p.entry_id in (select unnest($entry_ids::bigint[])) and p.request_id is not null
),
posted as (
    select r.round_id, r.decision_posted, w.request_id, w.contribution_id, w.amount, w.currency, a.entry_id, a.recorded_at
    from report.rounds r
    join report.award_payments w on w.round_id = r.round_id and w.decision = r.decision_posted
    join report.entries a on a.reference = 'allocation|' || w.round_id || '|' || w.request_id
),
behind as (
    select n.entry_id, w.round_id, w.request_id, w.decision_posted, w.currency, sum(w.amount) as paid
    from named n
    join posted w on w.request_id = n.request_id and (n.contribution_id is null or w.contribution_id = n.contribution_id)
    where case when n.reference like 'allocation|%' then w.entry_id = n.entry_id else w.recorded_at <= n.recorded_at end
    group by n.entry_id, w.round_id, w.request_id, w.decision_posted, w.currency
)
select
    b.entry_id, b.round_id, b.request_id, b.decision_posted as decision, b.currency, b.paid, a.amount as awarded, r.opened_on, r.opened_by, r.policy_digest,
    r.posted_on, r.posted_by, d.proposer, d.status, d.recorded_at as decided_at
from behind b
join report.rounds r on r.round_id = b.round_id
join report.awards a on a.round_id = b.round_id and a.decision = b.decision_posted and a.request_id = b.request_id
join report.decisions d on d.round_id = b.round_id and d.decision = b.decision_posted
order by b.entry_id, r.posted_on, b.round_id, b.request_id
