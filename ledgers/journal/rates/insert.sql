-- Adds the new rates.
--   $log_id
insert into ledger.rate
select (select coalesce(max(rate_id), 0) from ledger.rate) + row_number() over (order by currency, rate_date), currency, rate_date, units_per_base, source, $log_id
from rate_staged where standing = 'new' order by currency, rate_date
