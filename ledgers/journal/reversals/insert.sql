-- Notes which entries were taken back, and why.
--   $log_id
insert into ledger.reversal
select e.entry_id, s.reversed_entry_id, s.reason, $log_id
from entry_in m join reversal_asked s on 'reversal|' || s.reversed_reference = m.reference join ledger.entry e on e.reference = m.reference
