-- One row per exchange rate in the book.
create or replace view report.rates as
select r.rate_id, r.currency, r.rate_date, r.units_per_base, s.value as book_currency, r.source, l.recorded_at, r.log_id
from ledger.rate r
join ledger.setting s on s.name = 'currency'
left join ledger.log l on l.log_id = r.log_id;

comment on view report.rates is 'One row per exchange rate that the book knows, used or not.';
comment on column report.rates.rate_id is 'the rate';
comment on column report.rates.currency is 'the currency that is quoted';
comment on column report.rates.rate_date is 'the day of the rate';
comment on column report.rates.units_per_base is 'units of currency per one unit of the book''s currency';
comment on column report.rates.book_currency is 'the book''s currency';
comment on column report.rates.source is 'who published it';
comment on column report.rates.recorded_at is 'when it was written to the book, UTC';
comment on column report.rates.log_id is 'the write that brought it, in report.log';
