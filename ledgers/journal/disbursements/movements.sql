-- The staged disbursements as movements from what is committed into the hands of the implementer.
create or replace temp table movement as
select s.file, s.line, 'disbursement_id' as id_column, s.disbursement_id as movement_id, 'disbursement|' || s.disbursement_id as reference, 'disbursement' as kind,
    s.paid_on as entry_date, s.currency, s.amount, s.base_amount as given_base, null::varchar as contribution_id, c.request_id, s.commitment_id, c.implementer as party_id,
    s.tranche::integer as tranche, null::varchar as purpose,
    'disbursement ' || s.disbursement_id || ' on ' || s.commitment_id || coalesce(', tranche ' || s.tranche, '') as narration, s.bank, s.note, null::varchar as extra
from staged s left join ledger.commitment_now c using (commitment_id)
