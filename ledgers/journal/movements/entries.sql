-- One entry a new movement.
create or replace temp table new_entry as
select reference, kind, entry_date, purpose, narration from movement_priced
