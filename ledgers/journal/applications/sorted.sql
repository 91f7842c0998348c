-- Every staged application of receipts not yet applied, as a deposit whose money comes from there: of the deposit named, without an amount all that is left of it,
-- at the value that it has in the book; several of one deposit take it up one after the other, so that the last leaves nothing behind.
--   $places  of the book's currency
create or replace temp table deposit_staged as
with content as (select *, sha256(concat_ws('|', deposit_id, from_contribution_id, contribution_id, applied_on::varchar, coalesce(amount::varchar, ''))) as content_digest from staged),
waiting as (
    select d.deposit_id, d.contribution_id as from_contribution_id, p.currency,
        -sum(p.amount) - coalesce((select sum(a.amount) from ledger.application a where a.deposit_id = d.deposit_id and a.from_contribution_id = d.contribution_id
            and not exists (select 1 from ledger.reversal r where r.reversed_entry_id = a.entry_id)), 0) as amount,
        -sum(p.base_amount) - coalesce((select sum(a.base_amount) from ledger.application a where a.deposit_id = d.deposit_id and a.from_contribution_id = d.contribution_id
            and not exists (select 1 from ledger.reversal r where r.reversed_entry_id = a.entry_id)), 0) as base_amount
    from ledger.deposit d join ledger.posting p on p.entry_id = d.entry_id and p.account = 'liability:unapplied-receipts'
    where not exists (select 1 from ledger.bounce b where b.deposit_id = d.deposit_id and b.contribution_id = d.contribution_id)
    group by d.deposit_id, d.contribution_id, p.currency
),
laid as (
    select s.*, d.received_on as came_on, coalesce(s.amount, w.amount, 0) as taken,
        sum(case when k.application_id is null then coalesce(s.amount, w.amount, 0) else 0 end) over (partition by s.deposit_id, s.from_contribution_id order by s.applied_on, s.application_id) as upto
    from content s left join waiting w using (deposit_id, from_contribution_id) left join ledger.application k using (application_id)
    left join ledger.deposit d on d.deposit_id = s.deposit_id and d.contribution_id = s.from_contribution_id
)
select s.file, s.line, s.application_id, s.deposit_id, s.contribution_id, s.from_contribution_id, s.applied_on as received_on, s.came_on,
    coalesce(w.currency, c.currency) as currency, coalesce(s.amount, w.amount, 0)::decimal(18, 4) as amount,
    case when coalesce(w.amount, 0) = 0 then 0 else ledger.portion(w.base_amount, ledger.grains(s.upto), ledger.grains(w.amount), $places::integer)
        - ledger.portion(w.base_amount, ledger.grains(s.upto - s.taken), ledger.grains(w.amount), $places::integer) end::decimal(18, 4) as base_amount,
    null::decimal(18, 4) as applied_amount, w.amount as waiting, null::varchar as bank, null::varchar as note_id, s.content_digest,
    c.currency as contribution_currency, c.stage, c.donor_id, c.signed_on, 'application' as kind, 'application|' || s.application_id as reference,
    'receipt ' || s.deposit_id || ' applied to ' || s.contribution_id as narration, 'liability:unapplied-receipts' as source_account, 'asset:receivable' as discharged_account,
    case when k.application_id is null then 'new' when k.content_digest = s.content_digest then 'already' else 'conflict' end as standing
from laid s left join ledger.contribution_now c using (contribution_id) left join waiting w using (deposit_id, from_contribution_id)
left join ledger.application k using (application_id);

create or replace temp table undertaking as select distinct contribution_id from staged;
