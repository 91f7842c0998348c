-- Every staged row with what it is to the book: new, already there or in conflict.
create or replace temp table fee_tier_staged as
with content as (select *, sha256(concat_ws('|', coalesce(share::varchar, ''), coalesce(flat::varchar, ''), coalesce(source::varchar, ''))) as content_digest from staged)
select s.*, case when k.fee_schedule is null then 'new' when k.content_digest = s.content_digest then 'already' else 'conflict' end as standing
from content s left join ledger.fee_tier k on k.fee_schedule = s.fee_schedule and k.above = s.above
