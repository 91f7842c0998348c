-- One row per command that wrote to the book.
create or replace view report.log as
select log_id, recorded_at, actor, command, file, file_digest, new_count, already_count
from ledger.log;

comment on view report.log is 'One row per command that wrote to the book: who, when, from which file.';
comment on column report.log.log_id is 'number of the write, in order';
comment on column report.log.recorded_at is 'when it was written, UTC';
comment on column report.log.actor is 'who wrote, as the command line was told or the system''s account name';
comment on column report.log.command is 'the command';
comment on column report.log.file is 'the file it read, where it read one; several are separated by commas';
comment on column report.log.file_digest is 'SHA-256 of that file, as sha256sum prints it; of several, in the same order, separated by commas';
comment on column report.log.new_count is 'rows that were new';
comment on column report.log.already_count is 'rows that the book had already';
