-- Leaves only the entries that are new.
delete from new_entry where reference not in (select reference from entry_standing where standing = 'new')
