-- No contribution has given more than it had at the end of any day, by the dates of its entries. One row a contribution that was overdrawn
-- then and is so no more; a bounced deposit may do that (`available_not_negative` names those that still are).
with unit as (select 4 - places + (places = 0)::integer as idle from ledger.currency join ledger.setting s on s.name = 'currency' and s.value = currency),
standing as (
    select p.contribution_id, e.entry_date as day, sum(sum(p.amount)) over (partition by p.contribution_id order by e.entry_date) as available
    from ledger.posting p join ledger.entry e using (entry_id) where p.account = 'budget:available' and p.contribution_id <> 'FACILITY'
        and p.contribution_id not in (select contribution_id from ledger.bounce) group by p.contribution_id, e.entry_date
),
short as (
    select contribution_id, min(day) filter (available < 0) as day, (-arg_min(available, day) filter (available < 0))::decimal(38, 4)::varchar as missing
    from standing group by contribution_id having min(available) < 0 and arg_max(available, day) >= 0
)
select contribution_id || ' was overdrawn by ' || substr(missing, 1, length(missing) - idle) || ' on ' || day as finding from short cross join unit order by finding
