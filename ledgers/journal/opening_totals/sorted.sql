-- Every staged total of the old books with what it is to the book: new, already there or in conflict.
create or replace temp table opening_total_staged as
with content as (select *, sha256(concat_ws('|', amount::varchar, coalesce(source, ''))) as content_digest from staged)
select s.*, case when k.item is null then 'new' when k.content_digest = s.content_digest then 'already' else 'conflict' end as standing
from content s left join ledger.opening_total k using (item, currency)
