-- Of a contribution with conditions only what they set free is income, and only its money waits. One row a breach.
with met as (select contribution_id, sum(amount) as amount from ledger.contribution_condition group by contribution_id),
journal as (
    select contribution_id, -coalesce(sum(amount) filter (account = 'income:contribution'), 0) as income, coalesce(sum(amount) filter (account = 'budget:conditional'), 0) as waiting
    from ledger.posting group by contribution_id
)
select c.contribution_id || ' has conditions met for ' || coalesce(m.amount, 0) || ' ' || c.currency || ', and ' || coalesce(j.income, 0) || ' is income' as finding
from ledger.contribution_now c left join met m using (contribution_id) left join journal j using (contribution_id)
where c.conditional and c.stage = 'agreement' and coalesce(j.income, 0) <> coalesce(m.amount, 0)
union all
select 'of ' || j.contribution_id || ' ' || j.waiting || ' waits for conditions' from journal j join ledger.contribution_now c using (contribution_id)
where j.waiting < 0 or (j.waiting > 0 and not coalesce(c.conditional, false))
order by finding
