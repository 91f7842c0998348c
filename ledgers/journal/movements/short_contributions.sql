-- Whether anything that a batch takes from contributions, or from what is allocated of them, falls below zero on any day: at most one row. Fees are
-- looked at in all, as `guarded` has them.
--   `movement_taken`, `guarded`
with contribution_day as (
    select p.account, case when g.is_by_contribution then p.contribution_id end as contribution_id, case when g.is_by_request then p.request_id end as request_id, case when g.is_by_request then e.purpose end as purpose, e.entry_date as day,
        sum(g.nature * p.amount) as moved
    from ledger.posting p
    join guarded g on g.account = p.account and not g.is_by_commitment
    join ledger.entry e on e.entry_id = p.entry_id
    where exists (
        select 1 from movement_taken t
        where t.looked_at_by = 'contributions' and t.account = p.account and (t.contribution_id = p.contribution_id or not g.is_by_contribution)
    )
    group by all
)
select 1 from (select sum(moved) over (partition by account, contribution_id, request_id, purpose order by day) as amount from contribution_day) where amount < 0 limit 1
