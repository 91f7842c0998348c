-- One entry for each award of a decision.
--   $round_id  $decision  $on
create or replace temp table new_entry as
select 'allocation|' || round_id || '|' || request_id as reference, 'allocation' as kind, $on::date as entry_date, null::varchar as purpose,
    'round ' || round_id || ' allocates to ' || request_id as narration
from ledger.award where round_id = $round_id and decision = $decision
