-- No rate at all, where none is needed.
create or replace temp table rate_in_force (currency varchar, on_date date, rate_id bigint, units_per_base decimal(18, 8), latest_date date)
