-- Every staged promissory note with its contribution and what it is to the book: new, already there or in conflict.
create or replace temp table note_staged as
with content as (select *, sha256(concat_ws('|', contribution_id, received_on::varchar, amount::varchar)) as content_digest from staged)
select s.*, 'note|' || s.note_id as reference, c.currency, c.donor_id, c.stage,
    case when k.note_id is null then 'new' when k.content_digest = s.content_digest then 'already' else 'conflict' end as standing
from content s left join ledger.contribution_now c using (contribution_id) left join ledger.promissory_note k using (note_id);

create or replace temp table undertaking as select distinct contribution_id from staged;
