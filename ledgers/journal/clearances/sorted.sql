-- Every staged clearance with what it is to the book: new, already there or in conflict.
create or replace temp table clearance_staged as
with content as (select *, sha256(concat_ws('|', coalesce(outcome::varchar, ''), coalesce(valid_until::varchar, ''), coalesce(source::varchar, ''))) as content_digest from staged)
select s.*, case when k.implementer is null then 'new' when k.content_digest = s.content_digest then 'already' else 'conflict' end as standing
from content s left join ledger.clearance k on k.implementer = s.implementer and k.clearance = s.clearance and k.cleared_on = s.cleared_on
