-- The staged reversals: each takes back one entry, named by its number or its reference, line by line.
--   $base  the book's currency
create or replace temp table reversal_asked as
select s.*, e.entry_id as reversed_entry_id, e.reference as reversed_reference, e.kind as reversed_kind, e.entry_date as reversed_date
from staged s left join ledger.entry e on e.reference = s.entry or e.entry_id = try_cast(s.entry as bigint);

create or replace temp table movement as
select s.file, s.line, 'entry' as id_column, s.entry as movement_id, 'reversal|' || coalesce(s.reversed_reference, s.entry) as reference, 'reversal' as kind, s.reversed_on as entry_date,
    $base as currency, 0::decimal(18, 4) as amount, 0::decimal(18, 4) as given_base, null::varchar as contribution_id, null::varchar as request_id,
    null::varchar as commitment_id, null::varchar as party_id, null::integer as tranche, null::varchar as purpose,
    coalesce(s.reversed_reference, s.entry) || ' reversed: ' || s.reason as narration, null::varchar as bank, s.reason as note, null::varchar as extra
from reversal_asked s;
