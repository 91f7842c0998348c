-- Every staged bounce with its deposit and what it is to the book: new, already there or in conflict.
create or replace temp table bounce_staged as
with content as (select *, sha256(concat_ws('|', bounced_on::varchar, reason)) as content_digest from staged)
select s.*, 'bounce|' || s.deposit_id || '|' || s.contribution_id as reference, d.entry_id as deposit_entry_id, d.received_on,
    case when k.deposit_id is null then 'new' when k.content_digest = s.content_digest then 'already' else 'conflict' end as standing
from content s left join ledger.deposit d using (deposit_id, contribution_id) left join ledger.bounce k using (deposit_id, contribution_id)
