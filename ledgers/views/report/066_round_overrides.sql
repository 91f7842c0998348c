-- One row per override of a round, in the order in which they were made.
create or replace view report.round_overrides as
with latest as (
    select round_id, request_id, max(position) as position from ledger.round_override group by round_id, request_id
)
select
    o.round_id, o.position, o.request_id, q.title, r.currency, o.least, o.most, o.is_lifted,
    latest.position is not null and not o.is_lifted as stands, o.decided_by, o.reason, o.event_date, o.recorded_at, l.actor as recorded_by, o.log_id
from ledger.round_override o
join ledger.round r on r.round_id = o.round_id
join ledger.request q on q.request_id = o.request_id
left join latest on latest.round_id = o.round_id and latest.request_id = o.request_id and latest.position = o.position
left join ledger.log l on l.log_id = o.log_id;

comment on view report.round_overrides is 'One row per decision that somebody took by hand on a request of an open round. Of each request the latest counts; one that is lifted binds nothing.';
comment on column report.round_overrides.round_id is 'the round';
comment on column report.round_overrides.position is 'number of the override in the round, from 1';
comment on column report.round_overrides.request_id is 'the request';
comment on column report.round_overrides.title is 'its title';
comment on column report.round_overrides.currency is 'currency of least and most';
comment on column report.round_overrides.least is 'the least that the request is awarded; empty where the override is lifted';
comment on column report.round_overrides.most is 'the most that it may be awarded, 0 where it is refused; empty where the override is lifted';
comment on column report.round_overrides.is_lifted is 'true where this row takes back the one before it';
comment on column report.round_overrides.stands is 'whether it is the latest of its request and not a lifting';
comment on column report.round_overrides.decided_by is 'who decided';
comment on column report.round_overrides.reason is 'why';
comment on column report.round_overrides.event_date is 'the day it counts for';
comment on column report.round_overrides.recorded_at is 'when it was written to the book, UTC';
comment on column report.round_overrides.recorded_by is 'who wrote it';
comment on column report.round_overrides.log_id is 'the write that brought it, in report.log';
