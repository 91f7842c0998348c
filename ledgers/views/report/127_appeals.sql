-- One row per appeal against what a round decided on a request.
create or replace view report.appeals as
select f.appeal_id, f.round_id, f.request_id, f.event_date as filed_on, f.grounds, f.decided_by as recorded_by, coalesce(o.event, 'open') as outcome, o.event_date as decided_on,
    o.grounds as reason, o.decided_by, o.new_round_id
from ledger.appeal f left join ledger.appeal o on o.appeal_id = f.appeal_id and o.event <> 'filed'
where f.event = 'filed';

comment on view report.appeals is 'One row per appeal against what a round decided on a request.';
comment on column report.appeals.appeal_id is 'the appeal';
comment on column report.appeals.round_id is 'the round';
comment on column report.appeals.request_id is 'the request';
comment on column report.appeals.filed_on is 'day of filing';
comment on column report.appeals.grounds is 'why it was filed';
comment on column report.appeals.recorded_by is 'who recorded it';
comment on column report.appeals.outcome is 'open, upheld or dismissed';
comment on column report.appeals.decided_on is 'day of the outcome';
comment on column report.appeals.reason is 'why';
comment on column report.appeals.decided_by is 'who decided on it';
comment on column report.appeals.new_round_id is 'the round in which the request is decided on again';
