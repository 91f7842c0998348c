-- Nothing is dated in a period after its closing was recorded, but for what was recorded while it was reopened; the log says what came first. One row a breach.
select 'entry ' || e.entry_id || ' of ' || e.entry_date || ' was written after the book was closed through ' || p.through as finding
from ledger.entry e
join ledger.period_event p on p.log_id < e.log_id
    and not exists (select 1 from ledger.period_event later where later.position > p.position and later.log_id < e.log_id)
where e.entry_date <= p.through order by finding
