-- A place for what falls on each contribution.
create or replace temp table split_in (entry_id bigint, contribution_id varchar, units varchar)
