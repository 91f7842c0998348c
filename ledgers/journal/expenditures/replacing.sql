-- Notes which entries were taken back, and by what.
--   $log_id
insert into ledger.reversal
select e.entry_id, r.reversed_entry_id, 'replaced by expenditure ' || substr(r.by_reference, 13), $log_id
from (select distinct reference, reversed_entry_id, by_reference from movement_replaced) r join ledger.entry e using (reference)
