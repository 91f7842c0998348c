-- One row per entry that moves money, the largest only.
--   `sample_from`
--   $size    how many
--   $grains  ten-thousandths in a smallest unit
--   $kind    only this kind; null: all
-- Ordered by value, the largest first, then number.
select (value * 10000)::hugeint // $grains::bigint as units
from sample_from
where value > 0 and ($kind::varchar is null or kind = $kind::varchar)
order by value desc, entry_id
limit $size
