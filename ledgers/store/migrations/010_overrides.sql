-- What somebody decided by hand on a request of an open round; the latest of a request counts, and may lift the one before.

create table ledger.round_override (
    round_id varchar not null, position integer not null, request_id varchar not null, is_lifted boolean not null,
    least decimal(18, 4), most decimal(18, 4), decided_by varchar not null, reason varchar not null, event_date date not null,
    recorded_at timestamp not null, log_id bigint not null, primary key (round_id, position),
    check (is_lifted = (least is null) and is_lifted = (most is null))
);
create trigger round_override_update after update on ledger.round_override referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.round_override refuses update; post a correction instead') from old_rows;
create trigger round_override_delete after delete on ledger.round_override referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.round_override refuses delete; post a correction instead') from old_rows;
