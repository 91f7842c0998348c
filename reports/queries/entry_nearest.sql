-- No row or one: the reference nearest to one that the book does not have, the first that has it as one of its parts or else the most like it, and
-- how many entries there are.
--   $reference
with likened as (
    select
        reference, entry_id, contains('|' || lower(reference) || '|', '|' || lower($reference) || '|') as has_part,
        jaro_winkler_similarity(lower(reference), lower($reference)) as likeness
    from report.entries
)
select reference, has_part, likeness, (select max(entry_id) from report.entries) as last_entry
from likened
order by has_part desc, likeness desc, entry_id
limit 1
