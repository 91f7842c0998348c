-- One row per contribution that lacks money, with the day since when it does: the last one on which it fell below zero.
--   $as_of     last entry date
--   $known_at  UTC time or null: what was written not after it
-- Ordered by the largest deficit, then contribution.
with daily as (
    select contribution_id, entry_date, sum(amount) as moved
    from report.postings
    where account = 'budget:available' and contribution_id is not null
        and entry_date <= $as_of and ($known_at::timestamp is null or recorded_at <= $known_at::timestamp)
    group by contribution_id, entry_date
),
running as (
    select contribution_id, entry_date, moved, sum(moved) over (partition by contribution_id order by entry_date) as balance from daily
),
ended as (
    select contribution_id, sum(moved) as available, max(entry_date) filter (balance < 0 and balance - moved >= 0) as since from running group by contribution_id
)
select e.contribution_id, c.donor, -e.available as lacking, e.since
from ended e
join report.contributions c on c.contribution_id = e.contribution_id
where e.available < 0
order by e.available, e.contribution_id
