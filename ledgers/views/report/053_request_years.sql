-- One row per (request, year): the latest version of a request's years.
create or replace view report.request_years as
select y.request_id, y.year, q.currency, y.amount, l.recorded_at, y.log_id
from ledger.request_year y
join (
    select request_id, max(version) as version from ledger.request_year group by request_id
) latest on latest.request_id = y.request_id and latest.version = y.version
join ledger.request q on q.request_id = y.request_id
left join ledger.log l on l.log_id = y.log_id;

comment on view report.request_years is 'One row per request and year: what of the ask is spent in that year. The years of a request sum to its ask; requests that do not tell their years apart have no row.';
comment on column report.request_years.request_id is 'the request';
comment on column report.request_years.year is 'the calendar year of the spending';
comment on column report.request_years.currency is 'currency of amount, that of the request';
comment on column report.request_years.amount is 'what of the ask is spent in the year; an award is spent in the same proportions';
comment on column report.request_years.recorded_at is 'when it was written to the book, UTC';
comment on column report.request_years.log_id is 'the write that brought it, in report.log';
