-- Leaves only the lines of entries that are new.
delete from new_posting where reference not in (select reference from entry_standing where standing = 'new')
