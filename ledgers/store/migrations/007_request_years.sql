-- What of an ask is spent in each year, in the request's currency; the latest version of a request counts. A round freezes the years in its
-- own currency, so that they sum to the frozen ask, and a decision's payments say which year they are for.

create table ledger.request_year (
    request_id varchar not null, version integer not null, year integer not null, amount decimal(18, 4) not null check (amount > 0),
    log_id bigint not null, primary key (request_id, version, year)
);
create table ledger.round_request_year (
    round_id varchar not null, request_id varchar not null, year integer not null, base_amount decimal(18, 4) not null check (base_amount > 0),
    primary key (round_id, request_id, year)
);
create table ledger.payment_year (
    round_id varchar not null, decision varchar not null, request_id varchar not null, contribution_id varchar not null, year integer not null,
    amount decimal(18, 4) not null
);
create trigger request_year_update after update on ledger.request_year referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.request_year refuses update; post a correction instead') from old_rows;
create trigger request_year_delete after delete on ledger.request_year referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.request_year refuses delete; post a correction instead') from old_rows;
create trigger round_request_year_update after update on ledger.round_request_year referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.round_request_year refuses update; post a correction instead') from old_rows;
create trigger round_request_year_delete after delete on ledger.round_request_year referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.round_request_year refuses delete; post a correction instead') from old_rows;
create trigger payment_year_update after update on ledger.payment_year referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.payment_year refuses update; post a correction instead') from old_rows;
create trigger payment_year_delete after delete on ledger.payment_year referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.payment_year refuses delete; post a correction instead') from old_rows;

-- One row a request and year: its latest version.
create view ledger.request_year_now as
select y.* from ledger.request_year y
join (select request_id, max(version) as version from ledger.request_year group by request_id) last using (request_id, version);
