-- One entry a new deposit.
create or replace temp table new_entry as
select reference, kind, received_on as entry_date, null::varchar as purpose, narration from deposit_applied
union all
select 'fee|' || f.reference, 'fee', a.received_on, null, 'fee on ' || a.narration from deposit_fee f join deposit_applied a using (reference) where f.fee <> 0
