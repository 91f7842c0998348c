-- Every staged money movement with the contributions' lines it falls on, in smallest units of the book's currency. A cancellation or
-- transfer that names no contribution is split over those that paid, in proportion to what is still allocated: largest remainder, then id.
--   $places  of the book's currency
create or replace temp table entry_split as
with allocated as (
    select p.contribution_id, p.request_id, e.purpose, sum(p.amount) as amount
    from ledger.posting p join ledger.entry e using (entry_id)
    where p.account = 'budget:allocated' group by p.contribution_id, p.request_id, e.purpose having sum(p.amount) > 0
),
paid_by as (
    select s.reference, a.contribution_id, ledger.grains(a.amount) as weight,
        ledger.grains(s.amount) // ledger.grains_per_unit($places::integer) as units
    from staged s
    join allocated a on a.request_id is not distinct from s.request_id and a.purpose is not distinct from s.purpose
    where s.kind in ('cancellation', 'transfer') and s.contribution_id is null
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
