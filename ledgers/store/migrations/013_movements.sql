-- Movements: money after its deposit. Each is one entry, with the row that it came from; what it fell on is in its postings.

-- An amount as people read it in a sentence: with the places of its currency, and more only where it has more.
create macro ledger.printed(amount, code) as (
    select case when ledger.grains(amount) % ledger.grains_per_unit(k.places) <> 0 then amount::decimal(38, 4)::varchar
        else substr(amount::decimal(38, 4)::varchar, 1, length(amount::decimal(38, 4)::varchar) - 4 + k.places - (k.places = 0)::integer) end
    from ledger.currency k where k.currency = code);

-- Of a grant agreement, where a line is of one.
alter table ledger.posting add column commitment_id varchar;

create table ledger.movement (
    entry_id bigint not null, kind varchar not null, movement_id varchar not null, currency varchar not null,
    amount decimal(18, 4) not null, base_amount decimal(18, 4) not null, rate_id bigint, contribution_id varchar, request_id varchar,
    commitment_id varchar, party_id varchar, tranche integer, bank varchar, note varchar, content_digest varchar not null, log_id bigint not null
);

-- An entry that takes back another, and why.
create table ledger.reversal (
    entry_id bigint primary key, reversed_entry_id bigint not null unique, reason varchar not null, log_id bigint not null
);

-- Accounts at banks: what each is called, and its currency where it holds one alone. `main` is there without a row.
create table ledger.bank (bank varchar primary key, currency varchar, name varchar, opened_on date, content_digest varchar not null, log_id bigint not null);

-- Grant agreements with implementers. A later version moves the end alone, from a day on; the first counts from its signing.
create table ledger.commitment (
    commitment_id varchar not null, version integer not null, request_id varchar not null, implementer varchar not null, signed_on date not null,
    amount decimal(18, 4) not null check (amount > 0), indirect_max decimal(9, 6) not null, starts_on date, ends_on date, report_due date,
    agreement varchar, valid_from date, reason varchar, content_digest varchar not null, recorded_at timestamp not null, log_id bigint not null,
    primary key (commitment_id, version)
);
create table ledger.tranche (
    commitment_id varchar not null, tranche integer not null, due_on date, amount decimal(18, 4) not null check (amount > 0), condition varchar,
    content_digest varchar not null, log_id bigint not null, primary key (commitment_id, tranche)
);
create table ledger.tranche_condition (
    commitment_id varchar not null, tranche integer not null, met_on date not null, source varchar not null,
    content_digest varchar not null, log_id bigint not null, primary key (commitment_id, tranche)
);

-- What was found of an implementer, by whom: one row a finding; the latest of a kind counts.
create table ledger.clearance (
    implementer varchar not null, clearance varchar not null, cleared_on date not null, outcome varchar not null, valid_until date,
    source varchar not null, content_digest varchar not null, log_id bigint not null, primary key (implementer, clearance, cleared_on)
);

-- An audit flag is raised on an agreement and lifted again, each time with a reason; the latest counts.
create table ledger.audit_flag (
    commitment_id varchar not null, position integer not null, is_lifted boolean not null, flagged_on date not null, reason varchar not null,
    decided_by varchar not null, recorded_at timestamp not null, log_id bigint not null, primary key (commitment_id, position)
);

-- A rule of grants set aside for one agreement, from a day to a day, by name and with a reason.
create table ledger.grant_override (
    commitment_id varchar not null, position integer not null, rule varchar not null, valid_from date not null, valid_until date not null,
    reason varchar not null, decided_by varchar not null, recorded_at timestamp not null, log_id bigint not null,
    primary key (commitment_id, position)
);

-- What was reported as spent: the days it is for, whether it is final, direct and indirect cost, and which provisional report it replaces.
create table ledger.expenditure (
    entry_id bigint primary key, spent_from date, spent_to date not null, status varchar not null, base_direct decimal(18, 4) not null,
    base_indirect decimal(18, 4) not null, replaces varchar, log_id bigint not null
);

-- Operational, then financial closure of an agreement.
create table ledger.closure (
    commitment_id varchar not null, stage varchar not null check (stage in ('operational', 'financial')), closed_on date not null,
    reason varchar not null, closed_by varchar not null, recorded_at timestamp not null, log_id bigint not null, primary key (commitment_id, stage)
);

create trigger movement_update after update on ledger.movement referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.movement refuses update; post a correction instead') from old_rows;
create trigger movement_delete after delete on ledger.movement referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.movement refuses delete; post a correction instead') from old_rows;
create trigger reversal_update after update on ledger.reversal referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.reversal refuses update; post a correction instead') from old_rows;
create trigger reversal_delete after delete on ledger.reversal referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.reversal refuses delete; post a correction instead') from old_rows;
create trigger bank_update after update on ledger.bank referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.bank refuses update; post a correction instead') from old_rows;
create trigger bank_delete after delete on ledger.bank referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.bank refuses delete; post a correction instead') from old_rows;
create trigger commitment_update after update on ledger.commitment referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.commitment refuses update; post a correction instead') from old_rows;
create trigger commitment_delete after delete on ledger.commitment referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.commitment refuses delete; post a correction instead') from old_rows;
create trigger tranche_update after update on ledger.tranche referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.tranche refuses update; post a correction instead') from old_rows;
create trigger tranche_delete after delete on ledger.tranche referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.tranche refuses delete; post a correction instead') from old_rows;
create trigger tranche_condition_update after update on ledger.tranche_condition referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.tranche_condition refuses update; post a correction instead') from old_rows;
create trigger tranche_condition_delete after delete on ledger.tranche_condition referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.tranche_condition refuses delete; post a correction instead') from old_rows;
create trigger clearance_update after update on ledger.clearance referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.clearance refuses update; post a correction instead') from old_rows;
create trigger clearance_delete after delete on ledger.clearance referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.clearance refuses delete; post a correction instead') from old_rows;
create trigger audit_flag_update after update on ledger.audit_flag referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.audit_flag refuses update; post a correction instead') from old_rows;
create trigger audit_flag_delete after delete on ledger.audit_flag referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.audit_flag refuses delete; post a correction instead') from old_rows;
create trigger grant_override_update after update on ledger.grant_override referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.grant_override refuses update; post a correction instead') from old_rows;
create trigger grant_override_delete after delete on ledger.grant_override referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.grant_override refuses delete; post a correction instead') from old_rows;
create trigger expenditure_update after update on ledger.expenditure referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.expenditure refuses update; post a correction instead') from old_rows;
create trigger expenditure_delete after delete on ledger.expenditure referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.expenditure refuses delete; post a correction instead') from old_rows;
create trigger closure_update after update on ledger.closure referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.closure refuses update; post a correction instead') from old_rows;
create trigger closure_delete after delete on ledger.closure referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.closure refuses delete; post a correction instead') from old_rows;

-- One row an agreement: its latest version.
create view ledger.commitment_now as
select c.* from ledger.commitment c
join (select commitment_id, max(version) as version from ledger.commitment group by commitment_id) last using (commitment_id, version);
