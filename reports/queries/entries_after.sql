-- One row per entry dated after a day: what it moved, in the book's currency (the larger of its sides outside the budget, or within it where it moved nothing else).
--   $after     the day
--   $later     last day that is looked at; null: all
--   $known_at  UTC time or null: what was written not after it
-- Ordered by day, then entry.
select entry_id, entry_date, kind, reference, narration,
    greatest(coalesce(sum(base_amount) filter (base_amount > 0 and account not like 'budget:%'), 0),
        case when bool_and(account like 'budget:%') then sum(base_amount) filter (base_amount > 0) else 0 end) as amount
from report.postings
where entry_date > $after and ($later::date is null or entry_date <= $later::date) and ($known_at::timestamp is null or recorded_at <= $known_at::timestamp)
group by entry_id, entry_date, kind, reference, narration
order by entry_date, entry_id
