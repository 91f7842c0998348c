-- One row per entry: its words and dates, without its postings.
create or replace view report.entries as
select e.entry_id, e.kind, e.entry_date, e.recorded_at, e.reference, e.purpose, e.narration, e.digest, e.log_id
from ledger.entry e;

comment on view report.entries is 'One row per entry of the journal: what it is, when it counts, and the write that brought it. Its postings are in postings.';
comment on column report.entries.entry_id is 'the entry, numbered in the order of writing';
comment on column report.entries.kind is 'what kind of entry it is, such as deposit or allocation';
comment on column report.entries.entry_date is 'the day the entry counts';
comment on column report.entries.recorded_at is 'when the entry was written to the book, UTC';
comment on column report.entries.reference is 'the entry''s unique reference; writing it again changes nothing';
comment on column report.entries.purpose is 'what an administrative decision is for, where one is named';
comment on column report.entries.narration is 'the entry in words';
comment on column report.entries.digest is 'SHA-256 of the entry''s content';
comment on column report.entries.log_id is 'the write that brought it: who, by which command, from which file is in log';
