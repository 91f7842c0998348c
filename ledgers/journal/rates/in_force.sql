-- The rate of each (currency, day) in `rate_needed(currency, on_date)`: the latest on or before the day, null when there is none
-- or it is older than the book allows. The book's own currency has rate 1.
--   $base  ISO code    $age_max  days
create or replace temp table rate_in_force as
with candidate as (
    select n.currency, n.on_date, max(r.rate_date) as rate_date
    from (select distinct currency, on_date from rate_needed) n
    left join ledger.rate r on r.currency = n.currency and r.rate_date <= n.on_date and r.rate_date >= n.on_date - $age_max::integer
    group by n.currency, n.on_date
)
select
    c.currency, c.on_date, r.rate_id,
    case when c.currency = $base then 1::decimal(18, 8) else r.units_per_base end as units_per_base,
    (select max(x.rate_date) from ledger.rate x where x.currency = c.currency and x.rate_date <= c.on_date) as latest_date
from candidate c left join ledger.rate r on r.currency = c.currency and r.rate_date = c.rate_date
