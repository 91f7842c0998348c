-- One row per (request, measure).
create or replace view report.request_measures as
select request_id, measure, value
from ledger.request_measure;

comment on view report.request_measures is 'One row per numeric column of one''s own (x_...) of a request, which limits may weigh by.';
comment on column report.request_measures.request_id is 'the request';
comment on column report.request_measures.measure is 'name of the column, beginning with x_';
comment on column report.request_measures.value is 'its number';
