-- The staged expenditures as movements out of what the implementer holds. They count on the last day that they are for, unless the row names another.
create or replace temp table movement as
select s.file, s.line, 'expenditure_id' as id_column, s.expenditure_id as movement_id, 'expenditure|' || s.expenditure_id as reference, 'expenditure' as kind,
    coalesce(s.entry_date, s.spent_to) as entry_date, s.currency, (s.direct + coalesce(s.indirect, 0))::decimal(18, 4) as amount, s.base_amount as given_base,
    null::varchar as contribution_id, c.request_id, s.commitment_id, c.implementer as party_id, null::integer as tranche, null::varchar as purpose,
    s.status || ' expenditure ' || s.expenditure_id || ' on ' || s.commitment_id as narration, null::varchar as bank, s.source as note,
    concat_ws('|', coalesce(s.spent_from::varchar, ''), s.spent_to::varchar, s.direct::varchar, coalesce(s.indirect, 0)::varchar, s.status, coalesce(s.replaces, '')) as extra
from staged s left join ledger.commitment_now c using (commitment_id)
