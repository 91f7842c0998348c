-- Every staged deposit with its contribution as it stands and what it is to the book: new, already or conflict.
create or replace temp table deposit_staged as
with content as (
    select *, sha256(concat_ws('|', received_on::varchar, currency, amount::varchar, coalesce(base_amount::varchar, ''),
        coalesce(applied_amount::varchar, ''))) as content_digest
    from staged
)
select
    s.*, c.currency as contribution_currency, c.amount as contribution_amount, c.base_amount as contribution_base_amount,
    c.stage, c.donor_id, c.signed_on,
    case
        when d.deposit_id is null then 'new'
        when d.content_digest = s.content_digest then 'already'
        else 'conflict'
    end as standing
from content s
left join ledger.contribution_now c using (contribution_id)
left join ledger.deposit d using (deposit_id, contribution_id)
