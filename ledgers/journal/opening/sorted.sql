-- Every staged opening balance with what it is to the book: new, already there or in conflict.
create or replace temp table opening_staged as
with content as (
    select *, sha256(concat_ws('|', item, as_of::varchar, coalesce(contribution_id, ''), coalesce(request_id, ''), coalesce(commitment_id, ''), coalesce(implementer, ''),
        coalesce(bank, ''), currency, amount::varchar, coalesce(base_amount::varchar, ''), coalesce(signed_on::varchar, ''), coalesce(ends_on::varchar, ''))) as content_digest
    from staged
)
select s.*, 'opening|' || s.opening_id as reference, c.currency as contribution_currency, c.donor_id, c.stage,
    case when k.opening_id is null then 'new' when k.content_digest = s.content_digest then 'already' else 'conflict' end as standing
from content s left join ledger.contribution_now c using (contribution_id) left join ledger.opening k using (opening_id);

create or replace temp table undertaking as select distinct contribution_id from staged;
