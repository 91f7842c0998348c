-- Reviewers who do not score a request. Their scores on it do not count in rounds opened afterwards.

create table ledger.recusal (
    request_id varchar not null, reviewer varchar not null, reason varchar, log_id bigint not null, primary key (request_id, reviewer)
);
create trigger recusal_update after update on ledger.recusal referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.recusal refuses update; post a correction instead') from old_rows;
create trigger recusal_delete after delete on ledger.recusal referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.recusal refuses delete; post a correction instead') from old_rows;
