-- One row per entry drawn at random: the first in the order of SHA-256 of seed|reference.
--   `sample_from`
--   $seed
--   $size    how many
--   $grains  ten-thousandths in a smallest unit
--   $kind    only this kind; null: all
-- Ordered by number.
with drawn as (
    select entry_id, value, (value * 10000)::hugeint // $grains::bigint as units
    from sample_from
    where value is not null and ($kind::varchar is null or kind = $kind::varchar)
    order by sha256($seed || '|' || reference), reference
    limit $size
)
select entry_id, value, units, null as interval_no, null as unit_no
from drawn
order by entry_id
