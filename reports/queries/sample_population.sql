-- One row per kind of entry: how many there are, how many of them move money and are worth what, how many of these are worth nothing, and how many
-- have a value finer than the currency.
--   `sample_from`
--   $places    decimal places of the book's currency
-- Ordered by kind.
select
    kind, count(*) as entries, count(value) as moving, coalesce(sum(value), 0) as value, sum(case when value = 0 then 1 else 0 end) as without_value,
    sum(case when value <> round(value, $places::integer) then 1 else 0 end) as finer
from sample_from
group by kind
order by kind
