-- One row per award of a decision, the largest first.
--   $round_id  $decision
select request_id, title, applicant, country, country_name, request_window, merit, base_requested, amount
from report.awards
where round_id = $round_id and decision = $decision
order by amount desc, request_id
