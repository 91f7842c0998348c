-- Adds the entries numbered from $first + 1 to $last. Their days follow their numbers, over $days days in all, but for one in fifty, which is late.
--   $entries  how many the book will have
insert into ledger.entry (entry_id, kind, entry_date, recorded_at, reference, purpose, narration, digest, log_id)
select
    i + 1, case i % 3 when 0 then 'deposit' when 1 then 'allocation' else 'transfer' end,
    date '2020-01-01' + ((case i % 50 when 0 then i - i // 5 else i end) * $days // $entries)::integer,
    timestamp '2020-01-01' + to_seconds(i), 'bench|' || i, null, 'entry ' || i, 'no digest', 1
from range($first, $last) numbers(i)
