-- The staged refunds of unspent money as movements from the hands of the implementer back to the contributions that it came from.
create or replace temp table movement as
select s.file, s.line, 'refund_id' as id_column, s.refund_id as movement_id, 'refund|' || s.refund_id as reference, 'refund' as kind, s.received_on as entry_date,
    s.currency, s.amount, s.base_amount as given_base, null::varchar as contribution_id, c.request_id, s.commitment_id, c.implementer as party_id, null::integer as tranche,
    null::varchar as purpose, 'refund ' || s.refund_id || ' on ' || s.commitment_id as narration, s.bank, s.note, null::varchar as extra
from staged s left join ledger.commitment_now c using (commitment_id)
