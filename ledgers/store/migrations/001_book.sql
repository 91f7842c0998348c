-- The book: settings, parties, money in, requests, rounds, and the journal that ties them together.
-- Nothing here is ever updated or deleted (002_append_only.sql refuses it); what changes gets a new dated version.
-- Amounts are major units of the currency beside them; base amounts are in the book's currency; times are UTC.

create schema ledger;

create table ledger.setting (name varchar primary key, value varchar not null);

create table ledger.log (
    log_id bigint primary key, recorded_at timestamp not null, actor varchar not null, command varchar not null,
    file varchar, file_digest varchar, new_count bigint not null, already_count bigint not null
);

create table ledger.view_set (digest varchar primary key, recorded_at timestamp not null);

-- Reference lists, effective-dated where they change.
create table ledger.currency (currency varchar primary key, places integer not null);
create table ledger.country (
    country varchar primary key, iso2 varchar, m49 varchar, name varchar not null, region varchar, subregion varchar,
    is_un_member boolean not null, source varchar not null, note varchar
);
create table ledger.region (region varchar primary key, name varchar not null, level varchar not null, parents varchar, source varchar not null);
create table ledger.country_group (
    country varchar not null, group_code varchar not null, valid_from date, valid_until date,
    source varchar not null, confidence varchar not null
);
create table ledger.objective (objective integer primary key, title varchar not null, category varchar not null, source varchar not null);

create table ledger.rate (
    rate_id bigint primary key, currency varchar not null, rate_date date not null,
    units_per_base decimal(18, 8) not null check (units_per_base > 0), source varchar not null, log_id bigint not null,
    unique (currency, rate_date)
);

create table ledger.donor (
    donor_id varchar primary key, donor varchar not null, donor_kind varchar not null, donor_country varchar, log_id bigint not null
);

-- One row a version; the latest version counts. `content_digest` is over the file's cells, to tell "already there" from a conflict.
create table ledger.contribution (
    contribution_id varchar not null, version integer not null, agreement varchar, donor_id varchar not null,
    currency varchar not null, amount decimal(18, 4) not null, base_amount decimal(18, 4) not null, rate_id bigint,
    signed_on date, earmark varchar not null, earmark_class varchar not null, use_by date,
    country_share_max decimal(9, 6), stage varchar not null, interest varchar, fee_percent decimal(9, 6),
    report_due date, note varchar, content_digest varchar not null, terms_digest varchar not null,
    reason varchar, recorded_at timestamp not null, log_id bigint not null,
    primary key (contribution_id, version)
);

create table ledger.deposit (
    deposit_id varchar not null, contribution_id varchar not null, received_on date not null, currency varchar not null,
    amount decimal(18, 4) not null, base_amount decimal(18, 4) not null, rate_id bigint,
    applied_amount decimal(18, 4) not null, unapplied_amount decimal(18, 4) not null, unapplied_base_amount decimal(18, 4) not null,
    content_digest varchar not null, entry_id bigint not null, log_id bigint not null,
    primary key (deposit_id, contribution_id)
);

create table ledger.request (
    request_id varchar primary key, title varchar, applicant varchar not null, applicant_kind varchar not null,
    country varchar not null, request_window varchar not null, objectives varchar not null, currency varchar not null,
    amount_requested decimal(18, 4) not null, amount_minimum decimal(18, 4) not null,
    base_requested decimal(18, 4) not null, base_minimum decimal(18, 4) not null, rate_id bigint,
    merit decimal(9, 4), cofinance decimal(18, 4), gender integer, human_rights integer, child integer, oda boolean,
    starts_on date, ends_on date, level varchar, place varchar, implementer varchar, finance_type varchar,
    cofinance_confirmed decimal(18, 4), continues varchar, follow_on varchar,
    content_digest varchar not null, requested_on date not null, recorded_at timestamp not null, log_id bigint not null
);
create table ledger.request_country (request_id varchar not null, country varchar not null, share_numerator bigint not null, share_denominator bigint not null);
create table ledger.request_objective (request_id varchar not null, objective integer not null);
create table ledger.request_measure (request_id varchar not null, measure varchar not null, value decimal(18, 4) not null);
create table ledger.score (
    request_id varchar not null, reviewer varchar not null, criterion varchar not null, score decimal(9, 4) not null, log_id bigint not null,
    primary key (request_id, reviewer, criterion)
);

-- The journal. Every entry sums to zero in each currency and in the book's currency; budget lines balance among themselves.
create table ledger.entry (
    entry_id bigint primary key, kind varchar not null, entry_date date not null, recorded_at timestamp not null,
    reference varchar not null unique, purpose varchar, narration varchar not null, digest varchar not null, log_id bigint not null
);
create table ledger.posting (
    entry_id bigint not null, line integer not null, account varchar not null, currency varchar not null,
    amount decimal(18, 4) not null, base_amount decimal(18, 4) not null, rate_id bigint,
    contribution_id varchar, request_id varchar, party_id varchar
);

-- Rounds: what was frozen and held, what was decided, who approved.
create table ledger.round (
    round_id varchar primary key, opened_on date not null, currency varchar not null, policy varchar not null,
    policy_digest varchar not null, requests_filter varchar not null, contributions_filter varchar not null,
    opened_by varchar not null, recorded_at timestamp not null, log_id bigint not null
);
create table ledger.round_contribution (
    round_id varchar not null, contribution_id varchar not null, version integer not null, donor varchar not null,
    available decimal(18, 4) not null check (available > 0), earmark varchar not null, use_by date, country_cap decimal(18, 4),
    primary key (round_id, contribution_id)
);
create table ledger.round_country_used (
    round_id varchar not null, contribution_id varchar not null, country varchar not null, used decimal(18, 4) not null
);
create table ledger.round_request (
    round_id varchar not null, request_id varchar not null, base_requested decimal(18, 4) not null, base_minimum decimal(18, 4) not null,
    merit varchar not null, primary key (round_id, request_id)
);
create table ledger.decision (
    round_id varchar not null, decision varchar not null, position integer not null, proposer varchar not null, status varchar not null,
    objective_name varchar not null, objective varchar not null, bound varchar, gap double, solver varchar not null, inputs varchar not null,
    resources decimal(18, 4) not null, awarded decimal(18, 4) not null, body varchar not null,
    recorded_at timestamp not null, log_id bigint not null, primary key (round_id, decision)
);
create table ledger.award (round_id varchar not null, decision varchar not null, request_id varchar not null, amount decimal(18, 4) not null);
create table ledger.payment (
    round_id varchar not null, decision varchar not null, request_id varchar not null, contribution_id varchar not null,
    amount decimal(18, 4) not null
);
create table ledger.refusal (
    round_id varchar not null, decision varchar not null, request_id varchar not null, position integer not null,
    kind varchar not null, sentence varchar not null
);
create table ledger.limit_outcome (
    round_id varchar not null, decision varchar not null, position integer not null, limit_name varchar not null, side varchar not null,
    bound decimal(38, 8) not null, actual decimal(38, 8) not null, unit varchar not null, binding boolean not null
);
create table ledger.approval (
    round_id varchar not null, decision varchar not null, approver_id varchar not null, approver varchar not null,
    recorded_at timestamp not null, log_id bigint not null, primary key (round_id, decision, approver_id)
);
-- Opened, cancelled or posted: at most one of the last two.
create table ledger.round_event (
    round_id varchar not null, event varchar not null check (event in ('opened', 'cancelled', 'posted')), decision varchar,
    actor varchar not null, event_date date not null, recorded_at timestamp not null, log_id bigint not null,
    primary key (round_id, event)
);
