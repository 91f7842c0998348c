-- Every staged condition that was met with what it is to the book: new, already there or in conflict.
create or replace temp table condition_met_staged as
with content as (select *, sha256(concat_ws('|', coalesce(met_on::varchar, ''), coalesce(source::varchar, ''))) as content_digest from staged)
select s.*, case when k.commitment_id is null then 'new' when k.content_digest = s.content_digest then 'already' else 'conflict' end as standing
from content s left join ledger.tranche_condition k on k.commitment_id = s.commitment_id and k.tranche = s.tranche
