-- The staged rows of an entries file as movements.
create or replace temp table movement as
select file, line, 'reference' as id_column, reference as movement_id, 'entries|' || reference as reference, kind, entry_date, currency, amount,
    case when kind in ('interest', 'implementer-interest', 'bank-charge', 'fee-payment') then base_amount end as given_base,
    coalesce(contribution_id, case when kind in ('interest', 'implementer-interest', 'bank-charge', 'administration') then 'FACILITY' end) as contribution_id,
    request_id, null::varchar as commitment_id, null::varchar as party_id, null::integer as tranche, purpose,
    coalesce(narration, kind || coalesce(' ' || purpose, '') || coalesce(' ' || request_id, '')) as narration, bank, null::varchar as note, null::varchar as extra
from staged
