-- One row per appeal that nobody has decided on.
--   $on  the day
-- Ordered by the day of filing.
select 'open appeal' as what, appeal_id as subject, filed_on as since, null::decimal(38, 4) as amount, null::varchar as currency,
    'against ' || round_id || ' on ' || request_id || ': ' || grounds as detail, 'uphold or dismiss it, by somebody other than ' || recorded_by as command
from report.appeals
where outcome = 'open' and filed_on <= $on
order by filed_on, appeal_id
