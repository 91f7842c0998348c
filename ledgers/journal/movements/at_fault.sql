-- The rows of a batch in which something is wrong, by their places.
create or replace temp table at_fault (file varchar, line bigint)
