-- No row or one: the entry that a number or a reference means; a reference of an entries file may stand without what the book puts before it.
--   $number     or null
--   $reference
select entry_id
from report.entries
where entry_id = $number::bigint or reference = $reference or reference = 'entries|' || $reference
order by case when entry_id = $number::bigint then 1 when reference = $reference then 2 else 3 end
limit 1
