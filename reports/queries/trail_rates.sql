-- One row per entry and exchange rate that its postings were converted at.
--   $entry_ids  list of the entries' numbers
-- Ordered by entry, currency and date.
select distinct entry_id, currency, book_currency, rate_date, units_per_base, rate_source
from report.postings
where entry_id in (select unnest($entry_ids::bigint[])) and rate_date is not null
order by entry_id, currency, rate_date
