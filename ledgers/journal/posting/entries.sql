-- Adds the entries of `entry_in` with their digests.
--   $recorded_at  UTC time    $log_id  the lane's log row
insert into ledger.entry
select n.entry_id, n.kind, n.entry_date, $recorded_at, n.reference, n.purpose, n.narration, d.digest, $log_id
from entry_in n join digest_in d using (entry_id)
order by n.entry_id
