-- Every staged row with what it is to the book: new, already there or in conflict.
create or replace temp table result_staged as
with content as (select *, sha256(concat_ws('|', coalesce(unit::varchar, ''), coalesce(baseline::varchar, ''), coalesce(target::varchar, ''), coalesce(actual::varchar, ''), coalesce(source::varchar, ''))) as content_digest from staged)
select s.*, case when k.request_id is null then 'new' when k.content_digest = s.content_digest then 'already' else 'conflict' end as standing
from content s left join ledger.result k on k.request_id = s.request_id and k.indicator = s.indicator and k.reported_on = s.reported_on
