-- One row per grant agreement whose final report is due and has not come.
--   $on  the day
-- Ordered by the day due.
select 'final report overdue' as what, commitment_id as subject, report_due as since, advance as amount, book_currency as currency,
    'of ' || implementer || coalesce('; reported up to ' || reported_to::varchar, '; nothing was reported') as detail,
    'facility grant spend ' || commitment_id || ' --final ...' as command
from report.commitments
where report_due < $on and not has_final and closed_on is null
order by report_due, commitment_id
