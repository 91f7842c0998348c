-- The entries of the last write to the book, in order: none where it posted nothing.
select entry_id, reference from ledger.entry where log_id = (select max(log_id) from ledger.log) order by entry_id
