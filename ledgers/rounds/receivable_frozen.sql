-- Freezes which part of what a round holds of each contribution is not yet received: what its cash, less the cash that rounds opened earlier
-- hold, does not cover.
--   $round_id
insert into ledger.round_receivable
with claimed as (
    select h.contribution_id, sum(h.available - coalesce(v.receivable, 0)) as claimed
    from ledger.round_contribution h join ledger.round_state s using (round_id) left join ledger.round_receivable v using (round_id, contribution_id)
    where s.state = 'open' and h.round_id <> $round_id group by h.contribution_id
)
select f.round_id, f.contribution_id, (f.available - greatest(0, least(f.available, coalesce(a.available, 0) - coalesce(c.claimed, 0))))::decimal(18, 4) as receivable
from ledger.round_contribution f left join ledger.contribution_available a using (contribution_id) left join claimed c using (contribution_id)
where f.round_id = $round_id and f.available > greatest(0, least(f.available, coalesce(a.available, 0) - coalesce(c.claimed, 0)))
order by f.contribution_id
