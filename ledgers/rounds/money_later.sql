-- The contributions of a round of which some money came after the round's day, so that a posting on that day would overdraw them, or that
-- were signed later. One row each: what it has in all, what it had before the rest came, and the day since which all is there. The facility's
-- own line is never signed.
--   $round_id
with moved as (
    select p.contribution_id, e.entry_date as day, sum(p.amount) as amount
    from ledger.posting p join ledger.entry e using (entry_id)
    join ledger.round_contribution f on f.contribution_id = p.contribution_id and f.round_id = $round_id
    where p.account = 'budget:available' group by p.contribution_id, e.entry_date
    union all
    select contribution_id, date '0001-01-01', 0 from ledger.round_contribution where round_id = $round_id
),
standing as (
    select contribution_id, sum(amount) over (partition by contribution_id order by day) as available,
        sum(amount) over (partition by contribution_id) as now, lead(day) over (partition by contribution_id order by day) as until
    from moved
),
short as (
    select contribution_id, any_value(now) as now, max(until) as whole_on, arg_max(available, until) as available
    from standing
    where available < now and until > (select opened_on from ledger.round where round_id = $round_id)
    group by contribution_id
)
select f.contribution_id, s.now, s.available, greatest(s.whole_on, c.signed_on) as whole_on, s.contribution_id is null as is_signing
from ledger.round_contribution f join ledger.round r using (round_id)
join ledger.contribution c on c.contribution_id = f.contribution_id and c.version = f.version
left join short s on s.contribution_id = f.contribution_id
where f.round_id = $round_id and (s.contribution_id is not null or (c.signed_on > r.opened_on and c.contribution_id <> 'FACILITY'))
order by f.contribution_id
