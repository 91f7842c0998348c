-- Adds what `split_frame` says of many balances at a time.
insert into split_in select entry_id, contribution_id, units::varchar from split_frame
