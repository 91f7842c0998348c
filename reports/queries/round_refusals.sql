-- One row per reason of a decision against a request, by request in the order of merit, then the reason's own order.
--   $round_id  $decision
select
    request_id, title, applicant, country, country_name, request_window, merit, base_requested, base_minimum, awarded, kind, sentence
from report.refusals
where round_id = $round_id and decision = $decision
order by merit desc nulls last, request_id, position
