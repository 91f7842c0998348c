-- Every staged write-off with its contribution as it stands and what it is to the book: new, already there or in conflict.
create or replace temp table write_off_staged as
with content as (select *, sha256(concat_ws('|', contribution_id, written_off_on::varchar, amount::varchar, reason)) as content_digest from staged)
select s.*, 'write-off|' || s.write_off_id as reference, c.currency, c.donor_id, c.signed_on, coalesce(c.conditional, false) as is_conditional, c.stage,
    case when k.write_off_id is null then 'new' when k.content_digest = s.content_digest then 'already' else 'conflict' end as standing
from content s left join ledger.contribution_now c using (contribution_id) left join ledger.write_off k using (write_off_id);

create or replace temp table undertaking as select distinct contribution_id from staged;
