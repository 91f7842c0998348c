-- What the book refuses in the staged rows. One row a finding.
select 'fee-schedule-conflict', 'error', s.file, s.line, 'fee_schedule', s.fee_schedule::varchar, 'the tier of ' || s.fee_schedule || ' above ' || s.above || ' is already in the book with other content', 'correct the row'
from fee_tier_staged s where s.standing = 'conflict'
union all
select 'fee-schedule-in-use', 'error', s.file, s.line, 'fee_schedule', s.fee_schedule, 'the schedule ' || s.fee_schedule || ' is in the book, and contributions are charged by it', 'give a new schedule a new name'
from fee_tier_staged s where s.standing = 'new' and exists (select 1 from ledger.contribution c where c.fee_schedule = s.fee_schedule)
order by 3, 4, 5, 1, 7
