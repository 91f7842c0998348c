-- One row per thing with a day of its own: an entry, a request or a round.
create or replace view report.days as
select 'entry' as what, e.entry_date as day, e.recorded_at from ledger.entry e
union all
select 'request', q.requested_on, q.recorded_at from ledger.request q
union all
select 'round', r.opened_on, r.recorded_at from ledger.round r;

comment on view report.days is 'One row per entry, request and round with its day and when it was written: the last day of the book, as known at any time.';
comment on column report.days.what is 'entry, request or round';
comment on column report.days.day is 'the day the entry counts, the request entered the book or the round is dated';
comment on column report.days.recorded_at is 'when it was written to the book, UTC';
