-- One row per entry drawn by value: those taken for certain, and of the others, which stand in a line in the order of their numbers, those on which
-- a point falls. Lengths are in nths of a smallest unit, n being the number to draw: the points are $start, $start + $units, $start + 2 $units ...
--   `sample_from`
--   $cut     smallest value that is certain, in smallest units; null: none is
--   $left    n, how many to draw from the others; 0: none
--   $units   what the others are worth, in smallest units
--   $start   the first point, in nths of a unit
--   $grains  ten-thousandths in a smallest unit
--   $kind    only this kind; null: all
-- Ordered by number.
with valued as (
    select entry_id, value, (value * 10000)::hugeint // $grains::bigint as units
    from sample_from
    where value > 0 and ($kind::varchar is null or kind = $kind::varchar)
),
in_line as (
    select
        entry_id, value, units,
        coalesce(sum(units) over (order by entry_id rows between unbounded preceding and 1 preceding), 0)::hugeint as before
    from valued
    where $cut::hugeint is null or units < $cut::hugeint
),
pointed as (
    select
        *, case when before * $left::hugeint <= $start::hugeint then 0
            else (before * $left::hugeint - $start::hugeint + $units::hugeint - 1) // $units::hugeint end as point
    from in_line
    where $left::hugeint > 0
)
select entry_id, value, units, point + 1 as interval_no, ($start::hugeint + point * $units::hugeint) // $left::hugeint + 1 as unit_no
from pointed
where $start::hugeint + point * $units::hugeint < (before + units) * $left::hugeint
union all
select entry_id, value, units, null, null
from valued
where units >= $cut::hugeint
order by entry_id
