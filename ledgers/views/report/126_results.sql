-- One row per report on an indicator of a request, beside the money: what it was at first, what was aimed at, what was reached.
create or replace view report.results as
with spent as (select request_id, sum(amount) as amount from ledger.posting where account = 'expense:programme' group by request_id)
select r.request_id, q.title, r.indicator, r.unit, r.baseline, r.target, r.actual, r.reported_on, r.source,
    row_number() over (partition by r.request_id, r.indicator order by r.reported_on desc) = 1 as is_latest, (select value from ledger.setting where name = 'currency') as book_currency, coalesce(s.amount, 0)::decimal(38, 4) as spent, r.log_id
from ledger.result r left join ledger.request q on q.request_id = r.request_id left join spent s on s.request_id = r.request_id;

comment on view report.results is 'One row per report on an indicator of a request, beside the money: what it was at first, what was aimed at, what was reached.';
comment on column report.results.request_id is 'the request';
comment on column report.results.title is 'its title';
comment on column report.results.indicator is 'what is measured';
comment on column report.results.unit is 'in which unit';
comment on column report.results.baseline is 'at the beginning';
comment on column report.results.target is 'aimed at';
comment on column report.results.actual is 'reached';
comment on column report.results.reported_on is 'day of the report';
comment on column report.results.source is 'where it is documented';
comment on column report.results.is_latest is 'whether no later report on the indicator stands';
comment on column report.results.book_currency is 'currency of spent';
comment on column report.results.spent is 'expenditure of the request so far; of all its indicators together, never to be added';
comment on column report.results.log_id is 'the row of report.log by which it was written';
