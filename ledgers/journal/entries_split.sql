-- Every staged money movement with the contributions' lines it falls on, in smallest units of the book's currency. A cancellation or
-- transfer that names no contribution is split over those that paid, in proportion to what is still allocated: largest remainder, then id. A movement
-- that is in the book already is split as it was then, over what was allocated before its batch.
--   $places  of the book's currency
create or replace temp table entry_split as
with movement as (
    select s.*, e.log_id as known_log_id from staged s left join ledger.entry e on e.reference = 'entries|' || s.reference
),
paid_by as (
    select m.reference, p.contribution_id, ledger.grains(sum(p.amount)) as weight,
        ledger.grains(any_value(m.amount)) // ledger.grains_per_unit($places::integer) as units
    from movement m
    join ledger.posting p on p.account = 'budget:allocated' and p.request_id is not distinct from m.request_id
    join ledger.entry e on e.entry_id = p.entry_id and e.purpose is not distinct from m.purpose
    where m.kind in ('cancellation', 'transfer') and m.contribution_id is null and (m.known_log_id is null or e.log_id < m.known_log_id)
    group by m.reference, p.contribution_id having sum(p.amount) > 0
),
shared as (
    select *, sum(weight) over (partition by reference) as total,
        units * weight // sum(weight) over (partition by reference) as part, units * weight % sum(weight) over (partition by reference) as remainder
    from paid_by
),
ranked as (
    select *, units - sum(part) over (partition by reference) as short,
        row_number() over (partition by reference order by remainder desc, contribution_id) as position
    from shared
)
select reference, contribution_id, ledger.amount_of((part + case when position <= short then 1 else 0 end) * ledger.grains_per_unit($places::integer)) as amount
from ranked
union all
select reference, coalesce(contribution_id, 'FACILITY'), amount
from staged where kind in ('interest', 'administration') or contribution_id is not null
