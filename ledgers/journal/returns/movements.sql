-- The staged rows as movements on one contribution: what it will not use is owed to its donor. Without an amount: all of it; of a contribution that is none, no amount at
-- all, so that nothing is said of it but that.
--   $base  the book's currency
create or replace temp table movement as
select s.file, s.line, 'return_id' as id_column, s.return_id as movement_id, 'return|' || s.return_id as reference, 'return' as kind, s.decided_on as entry_date,
    $base as currency,
    case when coalesce(s.contribution_id, 'FACILITY') = 'FACILITY' or c.contribution_id is null then s.amount else coalesce(s.amount, (select k.amount from ledger.movement k join ledger.entry e using (entry_id) where e.reference = 'return|' || s.return_id),
        greatest(0, (select sum(p.amount) from ledger.posting p where p.account = 'budget:available' and p.contribution_id = s.contribution_id)), 0) end::decimal(18, 4) as amount,
    null::decimal(18, 4) as given_base, s.contribution_id, null::varchar as request_id, null::varchar as commitment_id, c.donor_id as party_id,
    null::integer as tranche, null::varchar as purpose, 'return of ' || s.contribution_id || ': ' || s.reason as narration,
    null::varchar as bank, s.reason as note, null::varchar as extra
from staged s left join ledger.contribution_now c using (contribution_id)
