-- Moving in: what an existing fund's books said on the day from which this one is kept, row by row, and the totals that they gave.

create table ledger.opening (
    opening_id varchar primary key, item varchar not null, as_of date not null, contribution_id varchar, request_id varchar, commitment_id varchar,
    implementer varchar, bank varchar, currency varchar not null, amount decimal(18, 4) not null, base_amount decimal(18, 4) not null, rate_id bigint,
    content_digest varchar not null, entry_id bigint not null, log_id bigint not null
);
create table ledger.opening_total (
    item varchar not null, currency varchar not null, amount decimal(18, 4) not null, source varchar, content_digest varchar not null, log_id bigint not null,
    primary key (item, currency)
);

create trigger opening_update after update on ledger.opening referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.opening refuses update; post a correction instead') from old_rows;
create trigger opening_delete after delete on ledger.opening referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.opening refuses delete; post a correction instead') from old_rows;
create trigger opening_total_update after update on ledger.opening_total referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.opening_total refuses update; post a correction instead') from old_rows;
create trigger opening_total_delete after delete on ledger.opening_total referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.opening_total refuses delete; post a correction instead') from old_rows;
