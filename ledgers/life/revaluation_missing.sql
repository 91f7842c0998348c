-- Currencies without a rate, in order: currency, the day of its latest rate.
select currency, latest_date from rate_in_force where units_per_base is null order by currency
