-- One row per closing or reopening of a period.
create or replace view report.periods as
select position, event, through, reason, decided_by, recorded_at, position = max(position) over () as is_latest from ledger.period_event;

comment on view report.periods is 'One row per closing or reopening of a period.';
comment on column report.periods.position is 'in order of recording';
comment on column report.periods.event is 'closed or reopened';
comment on column report.periods.through is 'last day that is closed after it';
comment on column report.periods.reason is 'why';
comment on column report.periods.decided_by is 'who decided';
comment on column report.periods.recorded_at is 'when it was written to the book, UTC';
comment on column report.periods.is_latest is 'whether it is what counts now';
