-- Every staged tranche with what it is to the book: new, already there or in conflict.
create or replace temp table tranche_staged as
with content as (select *, sha256(concat_ws('|', coalesce(due_on::varchar, ''), coalesce(amount::varchar, ''), coalesce(condition::varchar, ''))) as content_digest from staged)
select s.*, case when k.commitment_id is null then 'new' when k.content_digest = s.content_digest then 'already' else 'conflict' end as standing
from content s left join ledger.tranche k on k.commitment_id = s.commitment_id and k.tranche = s.tranche
