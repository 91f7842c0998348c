-- The staged releases as movements of what is committed and will not be used, back to the contributions that it came from. Without an amount: all that is left.
--   $base  the book's currency
create or replace temp table movement as
select s.file, s.line, 'release_id' as id_column, s.release_id as movement_id, 'release|' || s.release_id as reference, 'release' as kind, s.released_on as entry_date,
    $base as currency,
    coalesce(s.amount, (select k.amount from ledger.movement k join ledger.entry e using (entry_id) where e.reference = 'release|' || s.release_id),
        (select sum(p.amount) from ledger.posting p where p.account = 'budget:committed' and p.commitment_id = s.commitment_id), 0)::decimal(18, 4) as amount,
    null::decimal(18, 4) as given_base, null::varchar as contribution_id, c.request_id, s.commitment_id, c.implementer as party_id, null::integer as tranche,
    null::varchar as purpose, 'release ' || s.release_id || ' of ' || s.commitment_id || ': ' || s.reason as narration, null::varchar as bank, s.reason as note,
    null::varchar as extra
from staged s left join ledger.commitment_now c using (commitment_id)
