-- The staged decisions that reported cost is not allowed, as movements from expenditure to what the implementer owes.
--   $base  the book's currency
create or replace temp table movement as
select s.file, s.line, 'disallowance_id' as id_column, s.disallowance_id as movement_id, 'disallowance|' || s.disallowance_id as reference, 'disallowance' as kind,
    s.decided_on as entry_date, $base as currency, s.amount, null::decimal(18, 4) as given_base, null::varchar as contribution_id, c.request_id, s.commitment_id,
    c.implementer as party_id, null::integer as tranche, null::varchar as purpose, 'cost of ' || s.commitment_id || ' disallowed (' || s.disallowance_id || '): ' || s.reason as narration,
    null::varchar as bank, s.reason as note, null::varchar as extra
from staged s left join ledger.commitment_now c using (commitment_id)
