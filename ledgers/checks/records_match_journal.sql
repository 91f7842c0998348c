-- Every note, condition, receipt applied, write-off and exchange is in the journal with its amount, and every such entry has its record. One row a breach.
with recorded as (
    select 'note' as kind, note_id as id, entry_id, 'asset:promissory-note' as account, amount from ledger.promissory_note
    union all select 'condition', contribution_id || ' ' || condition, entry_id, 'liability:deferred-contribution', amount from ledger.contribution_condition
    union all select 'application', application_id, entry_id, 'asset:receivable', -applied_amount from ledger.application where applied_amount <> 0
    union all select 'application', application_id, entry_id, 'liability:unapplied-receipts', amount from ledger.application where amount <> 0
    union all select 'write-off', write_off_id, entry_id, 'expense:write-off', amount from ledger.write_off
    union all select 'exchange', exchange_id, entry_id, 'asset:cash:' || coalesce(bank, 'main') || ' ' || currency, -amount from ledger.exchange
    union all select 'exchange', exchange_id, entry_id, 'asset:cash:' || coalesce(to_bank, 'main') || ' ' || to_currency, to_amount from ledger.exchange
),
summed as (select kind, id, entry_id, account, sum(amount) as amount from recorded group by all),
journal as (
    select entry_id, case when account like 'asset:cash:%' then account || ' ' || currency else account end as account, sum(amount) as amount from ledger.posting group by all
)
select r.kind || ' ' || r.id || ' of ' || r.amount || ' stands at ' || coalesce(j.amount, 0) || ' on ' || r.account || ' in the journal' as finding
from summed r left join journal j using (entry_id, account) where coalesce(j.amount, 0) <> r.amount
union all
select 'entry ' || e.entry_id || ' has no ' || e.kind from ledger.entry e
where e.kind in ('note', 'condition', 'application', 'write-off', 'exchange') and not exists (select 1 from recorded r where r.entry_id = e.entry_id and r.kind = e.kind)
    and not exists (select 1 from ledger.application a where a.entry_id = e.entry_id)
union all
select 'entry ' || e.entry_id || ' has no bounce' from ledger.entry e where e.kind = 'bounce' and not exists (select 1 from ledger.bounce b where b.entry_id = e.entry_id)
order by finding
