-- The staged recoveries of disallowed cost as movements from what the implementer owes back to the contributions that it came from.
create or replace temp table movement as
select s.file, s.line, 'recovery_id' as id_column, s.recovery_id as movement_id, 'recovery|' || s.recovery_id as reference, 'recovery' as kind, s.received_on as entry_date,
    s.currency, s.amount, s.base_amount as given_base, null::varchar as contribution_id, c.request_id, s.commitment_id, c.implementer as party_id, null::integer as tranche,
    null::varchar as purpose, 'recovery ' || s.recovery_id || ' on ' || s.commitment_id as narration, s.bank, s.note, null::varchar as extra
from staged s left join ledger.commitment_now c using (commitment_id)
