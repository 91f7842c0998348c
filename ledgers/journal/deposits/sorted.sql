-- Every staged deposit with its contribution as it stands and what it is to the book: new, already or conflict.
create or replace temp table deposit_staged as
with content as (
    select *, sha256(concat_ws('|', received_on::varchar, currency, amount::varchar, coalesce(base_amount::varchar, ''),
        coalesce(applied_amount::varchar, ''), 'bank ' || bank, 'note ' || note_id)) as content_digest
    from staged
)
select
    s.*, c.currency as contribution_currency, c.stage, c.donor_id, c.signed_on, 'deposit' as kind,
    'deposit|' || s.deposit_id || '|' || s.contribution_id as reference, 'deposit ' || s.deposit_id || ' on ' || s.contribution_id as narration,
    null::varchar as from_contribution_id, 'asset:cash:' || coalesce(s.bank, 'main') as source_account,
    case when s.note_id is null then 'asset:receivable' else 'asset:promissory-note' end as discharged_account,
    case
        when d.deposit_id is null then 'new'
        when d.content_digest = s.content_digest then 'already'
        else 'conflict'
    end as standing
from content s
left join ledger.contribution_now c using (contribution_id)
left join ledger.deposit d using (deposit_id, contribution_id);

create or replace temp table undertaking as select distinct contribution_id from staged;
