-- One row per window: what was asked and what was awarded.
--   $round_id  $decision (or null: nothing is awarded)
-- Ordered by window.
select
    q.request_window, count(*) as requests, sum(q.base_requested) as requested, count(a.request_id) as awards,
    coalesce(sum(a.amount), 0)::decimal(38, 4) as awarded
from report.round_requests q
left join report.awards a on a.round_id = q.round_id and a.request_id = q.request_id and a.decision = $decision
where q.round_id = $round_id
group by q.request_window
order by q.request_window
