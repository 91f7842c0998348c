-- One row per country and window: the awards of a decision, each split over its request's countries by their shares.
--   $round_id  $decision
-- Ordered by country, then window.
select country, country_name, request_window, sum(amount) as amount
from report.award_countries
where round_id = $round_id and decision = $decision
group by country, country_name, request_window
order by country nulls last, request_window
