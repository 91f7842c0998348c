-- Adds the entries of `new_entry` with their digests. Ids follow the order of the references.
--   $recorded_at  UTC time    $log_id  the lane's log row
insert into ledger.entry
select
    (select coalesce(max(entry_id), 0) from ledger.entry) + row_number() over (order by n.reference),
    n.kind, n.entry_date, $recorded_at, n.reference, n.purpose, n.narration, d.digest, $log_id
from new_entry n join new_digest d using (reference)
order by n.reference
