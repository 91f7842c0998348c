-- What of each movement falls on a contribution, and how many lines of its entry stand before those of this part. One row a (entry, contribution), in that order.
--   $low  $high  first and last entry    `entry_in`, `movement_split`, `pattern_length`
create or replace temp table movement_part as
with fallen as (
    select m.entry_id, m.kind, m.currency, m.cash_account, m.request_id, m.party_id, m.commitment_id, x.contribution_id as whose, x.amount::decimal(18, 4) as part,
        case when c.closed_on is null and (c.use_by is null or c.use_by >= m.entry_date) then 'open' else 'owed' end as outcome
    from entry_in m join movement_split x using (entry_id)
    left join ledger.contribution_open c on c.contribution_id = x.contribution_id
    where x.amount <> 0 and m.entry_id between $low and $high
)
select f.*, coalesce(sum(l.lines) over (partition by f.entry_id order by f.whose rows between unbounded preceding and 1 preceding), 0)::integer as before
from fallen f join pattern_length l on l.kind = f.kind and l.outcome = f.outcome
