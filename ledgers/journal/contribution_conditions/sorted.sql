-- Every staged condition that was met, with its contribution and what it is to the book: new, already there or in conflict.
create or replace temp table contribution_condition_staged as
with content as (select *, sha256(concat_ws('|', met_on::varchar, amount::varchar, source)) as content_digest from staged)
select s.*, 'condition|' || s.contribution_id || '|' || s.condition as reference, c.currency, c.donor_id, c.amount as contribution_amount, c.conditional, c.stage,
    case when k.contribution_id is null then 'new' when k.content_digest = s.content_digest then 'already' else 'conflict' end as standing
from content s left join ledger.contribution_now c using (contribution_id) left join ledger.contribution_condition k using (contribution_id, condition)
