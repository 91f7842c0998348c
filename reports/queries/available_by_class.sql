-- One row per class of earmark: what may still be decided on.
--   $as_of     last entry date
--   $known_at  UTC time or null: what was written not after it
-- Ordered by tightness of the earmark.
select c.earmark_class, sum(m.available) as available
from report.contributions c
join (
    select contribution_id, sum(amount) as available
    from report.postings
    where account = 'budget:available'
        and entry_date <= $as_of
        and ($known_at::timestamp is null or recorded_at <= $known_at::timestamp)
    group by contribution_id
) m on m.contribution_id = c.contribution_id
group by c.earmark_class
order by case c.earmark_class when 'unearmarked' then 1 when 'softly' then 2 when 'earmarked' then 3 else 4 end
