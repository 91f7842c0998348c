-- One row per item and currency of the opening balances: what came in against what the old books said. Ordered by the way of the money.
--   $as_of     last day of balances
--   $known_at  UTC time or null: what was written not after it
with came as (
    select item, currency, sum(amount) as amount, sum(base_amount) as base_amount, count(*) as balances from report.opening
    where as_of <= $as_of and ($known_at::timestamp is null or recorded_at <= $known_at::timestamp) group by item, currency
),
place(item, place) as (values ('cash', 1), ('received', 2), ('unapplied', 3), ('available', 4), ('allocated', 5), ('committed', 6), ('advance', 7), ('spent', 8), ('fees', 9), ('owed-to-donor', 10))
select coalesce(c.item, t.item) as item, coalesce(c.currency, t.currency) as currency, coalesce(c.balances, 0) as balances, coalesce(c.amount, 0) as came_in,
    coalesce(c.base_amount, 0) as base_amount, t.said, t.source
from came c full join report.opening_reconciliation t on t.item = c.item and t.currency = c.currency
join place p on p.item = coalesce(c.item, t.item)
order by p.place, currency
