-- The staged rows as movements on one contribution: what is owed to its donor is given back.
create or replace temp table movement as
select s.file, s.line, 'donor_refund_id' as id_column, s.donor_refund_id as movement_id, 'donor-refund|' || s.donor_refund_id as reference, 'donor-refund' as kind, s.paid_on as entry_date,
    s.currency as currency,
    s.amount,
    s.base_amount as given_base, s.contribution_id, null::varchar as request_id, null::varchar as commitment_id, c.donor_id as party_id,
    null::integer as tranche, null::varchar as purpose, 'donor refund of ' || s.contribution_id as narration,
    s.bank as bank, s.note as note, null::varchar as extra
from staged s left join ledger.contribution_now c using (contribution_id)
