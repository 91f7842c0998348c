-- Every staged row with what it is to the book: new, already there or in conflict.
create or replace temp table instalment_staged as
with content as (select *, sha256(concat_ws('|', coalesce(amount::varchar, ''))) as content_digest from staged)
select s.*, case when k.contribution_id is null then 'new' when k.content_digest = s.content_digest then 'already' else 'conflict' end as standing
from content s left join ledger.instalment k on k.contribution_id = s.contribution_id and k.due_on = s.due_on
