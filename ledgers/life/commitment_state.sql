-- One grant agreement as it stands: at most one row. Amounts are in the book's currency.
--   $commitment_id
with ending as (
    select u.* from ledger.contribution_until u
    join (select distinct contribution_id from ledger.posting where commitment_id = $commitment_id and account = 'budget:committed') p using (contribution_id)
    where not exists (select 1 from ledger.paid_early y join ledger.commitment_now k using (request_id) where k.commitment_id = $commitment_id and y.contribution_id = u.contribution_id)
    order by u.until, u.contribution_id limit 1
)
select c.commitment_id, c.version, coalesce(c.valid_from, c.signed_on) as agreed_on, c.request_id, c.implementer, c.ends_on,
    coalesce((select sum(amount) from ledger.posting p where p.commitment_id = c.commitment_id and p.account = 'budget:committed'), 0) as committed,
    coalesce((select sum(amount) from ledger.posting p where p.commitment_id = c.commitment_id and p.account = 'asset:advance'), 0) as advance,
    coalesce((select sum(amount) from ledger.posting p where p.commitment_id = c.commitment_id and p.account = 'asset:receivable:implementer'), 0) as owed,
    (select count(*) from ledger.expenditure x join ledger.movement v using (entry_id) where v.commitment_id = c.commitment_id and x.status = 'provisional'
        and not exists (select 1 from ledger.reversal r where r.reversed_entry_id = x.entry_id)) as provisional,
    u.until, u.contribution_id as until_of, u.told as until_told, u.is_spend_to,
    (select arg_max(not f.is_lifted, f.position) from ledger.audit_flag f where f.commitment_id = c.commitment_id) as is_flagged,
    (select k.closed_on from ledger.closure k where k.commitment_id = c.commitment_id and k.stage = 'operational') as ended_on,
    (select k.closed_on from ledger.closure k where k.commitment_id = c.commitment_id and k.stage = 'financial') as closed_on
from ledger.commitment_now c left join ending u on true where c.commitment_id = $commitment_id
