-- One row per contribution whose report to the donor is due, and was not delivered in the month before that day or later.
--   $on  the day
-- Ordered by the day due.
with delivered as (
    select contribution_id, max(event_date) as last_on from report.contribution_events where event = 'report delivered' and event_date <= $on group by contribution_id
)
select 'donor report overdue' as what, c.contribution_id as subject, c.report_due as since, null::decimal(38, 4) as amount, null::varchar as currency,
    'to ' || c.donor || coalesce('; the last one was delivered on ' || d.last_on::varchar, '; none was delivered') as detail,
    'facility contribution reported ' || c.contribution_id as command
from report.contributions c
left join delivered d on d.contribution_id = c.contribution_id
where c.report_due < $on and c.closed_on is null and (d.last_on is null or d.last_on < c.report_due - 31)
order by c.report_due, c.contribution_id
