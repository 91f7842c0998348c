-- One entry a staged movement.
create or replace temp table new_entry as
select 'entries|' || reference as reference, kind, entry_date, purpose,
    coalesce(narration, kind || coalesce(' ' || purpose, '') || coalesce(' ' || request_id, '')) as narration
from staged
