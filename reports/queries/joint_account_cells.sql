-- One row per window, country, objective and year: required, available, allocated, each amount counted once.
--   $as_of     last entry date
--   $known_at  UTC time or null: what was written not after it
-- Ordered by window, objective, country, year.
select
    request_window, objective, objective_title, country, country_name, year,
    sum(required) as required, sum(available) as available, sum(allocated) as allocated
from report.joint_account
where entry_date <= $as_of and ($known_at::timestamp is null or recorded_at <= $known_at::timestamp)
group by request_window, objective, objective_title, country, country_name, year
order by request_window, objective nulls last, country nulls last, year
