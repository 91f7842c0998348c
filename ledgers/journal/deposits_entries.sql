-- One entry a new deposit.
create or replace temp table new_entry as
select reference, 'deposit' as kind, received_on as entry_date, null::varchar as purpose,
    'deposit ' || deposit_id || ' on ' || contribution_id as narration
from deposit_applied
