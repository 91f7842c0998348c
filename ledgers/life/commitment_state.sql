-- One grant agreement as it stands: at most one row. Amounts are in the book's currency.
--   $commitment_id
select c.commitment_id, c.version, c.request_id, c.implementer, c.ends_on,
    coalesce((select sum(amount) from ledger.posting p where p.commitment_id = c.commitment_id and p.account = 'budget:committed'), 0) as committed,
    coalesce((select sum(amount) from ledger.posting p where p.commitment_id = c.commitment_id and p.account = 'asset:advance'), 0) as advance,
    coalesce((select sum(amount) from ledger.posting p where p.commitment_id = c.commitment_id and p.account = 'asset:receivable:implementer'), 0) as owed,
    (select count(*) from ledger.expenditure x join ledger.movement v using (entry_id) where v.commitment_id = c.commitment_id and x.status = 'provisional'
        and not exists (select 1 from ledger.reversal r where r.reversed_entry_id = x.entry_id)) as provisional,
    (select min(s.use_by) from ledger.contribution_now s where s.contribution_id in (
        select p.contribution_id from ledger.posting p where p.commitment_id = c.commitment_id and p.account = 'budget:committed')) as use_by,
    (select arg_min(s.contribution_id, s.use_by) from ledger.contribution_now s where s.contribution_id in (
        select p.contribution_id from ledger.posting p where p.commitment_id = c.commitment_id and p.account = 'budget:committed')) as use_by_of,
    (select arg_max(not f.is_lifted, f.position) from ledger.audit_flag f where f.commitment_id = c.commitment_id) as is_flagged,
    (select k.closed_on from ledger.closure k where k.commitment_id = c.commitment_id and k.stage = 'operational') as ended_on,
    (select k.closed_on from ledger.closure k where k.commitment_id = c.commitment_id and k.stage = 'financial') as closed_on
from ledger.commitment_now c where c.commitment_id = $commitment_id
