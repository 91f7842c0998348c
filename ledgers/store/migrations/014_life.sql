-- The life of a contribution beyond its signing and its deposits, and the periods of the book.

alter table ledger.contribution add column conditional boolean;
alter table ledger.contribution add column fee_schedule varchar;
-- The day from which a version counts; of older versions, that of their writing.
alter table ledger.contribution add column valid_from date;
alter table ledger.deposit add column bank varchar;
alter table ledger.deposit add column note_id varchar;

-- One row a contribution: its latest version, with the days of the expenditure that it may pay.
create or replace view ledger.contribution_now as
select c.*, s.spend_from, s.spend_to
from ledger.contribution c
join (select contribution_id, max(version) as version from ledger.contribution group by contribution_id) last using (contribution_id, version)
left join ledger.contribution_span s using (contribution_id, version);

-- The digest of a contribution's terms with its conditions and its schedule of fees; terms without them keep the digest that they always had.
create macro ledger.contribution_conditioned(terms, conditional, fee_schedule) as
    case when not coalesce(conditional, false) and fee_schedule is null then terms
        else sha256(concat_ws('|', terms, coalesce(conditional, false)::varchar, coalesce(fee_schedule, ''))) end;

-- What is due of a contribution, and when; in its currency. A rescheduling replaces all of it by its next version.
create table ledger.instalment (
    contribution_id varchar not null, version integer not null, due_on date not null, amount decimal(18, 4) not null check (amount > 0), content_digest varchar not null,
    log_id bigint not null, primary key (contribution_id, version, due_on)
);

-- Why the instalments of a contribution are others from a day on; the first version of them needs no reason and has no row here.
create table ledger.rescheduling (
    contribution_id varchar not null, version integer not null check (version > 1), valid_from date not null, reason varchar not null, decided_by varchar not null,
    recorded_at timestamp not null, log_id bigint not null, primary key (contribution_id, version)
);

-- One row an instalment of the latest version.
create view ledger.instalment_now as
select i.* from ledger.instalment i
join (select contribution_id, max(version) as version from ledger.instalment group by contribution_id) last using (contribution_id, version);

-- Schedules of fees: of what comes in beyond `above` in all, `share` is charged up to the next tier, and `flat` once when the tier is reached.
create table ledger.fee_tier (
    fee_schedule varchar not null, above decimal(18, 4) not null check (above >= 0), share decimal(9, 6) not null, flat decimal(18, 4) not null,
    source varchar, content_digest varchar not null, log_id bigint not null, primary key (fee_schedule, above)
);

-- Conditions of a contribution that are met, and how much of it each sets free; in its currency.
create table ledger.contribution_condition (
    contribution_id varchar not null, condition varchar not null, met_on date not null, amount decimal(18, 4) not null check (amount > 0),
    source varchar not null, content_digest varchar not null, entry_id bigint not null, log_id bigint not null,
    primary key (contribution_id, condition)
);

-- Money that came before its agreement, or beyond it, and is applied to a contribution later.
create table ledger.application (
    application_id varchar primary key, deposit_id varchar not null, from_contribution_id varchar not null, contribution_id varchar not null,
    applied_on date not null, currency varchar not null, amount decimal(18, 4) not null, base_amount decimal(18, 4) not null,
    applied_amount decimal(18, 4) not null, content_digest varchar not null, entry_id bigint not null, log_id bigint not null
);

-- Deposits that the bank took back.
create table ledger.bounce (
    deposit_id varchar not null, contribution_id varchar not null, bounced_on date not null, reason varchar not null, content_digest varchar not null,
    entry_id bigint not null, log_id bigint not null, primary key (deposit_id, contribution_id)
);

-- Promissory notes given for a contribution; a deposit that names one encashes it.
create table ledger.promissory_note (
    note_id varchar primary key, contribution_id varchar not null, received_on date not null, amount decimal(18, 4) not null check (amount > 0),
    content_digest varchar not null, entry_id bigint not null, log_id bigint not null
);

-- Exchanges between the facility's own accounts.
create table ledger.exchange (
    exchange_id varchar primary key, exchanged_on date not null, currency varchar not null, amount decimal(18, 4) not null, bank varchar,
    to_currency varchar not null, to_amount decimal(18, 4) not null, to_bank varchar, base_amount decimal(18, 4) not null, rate_id bigint,
    content_digest varchar not null, entry_id bigint not null, log_id bigint not null
);

create table ledger.contribution_closing (
    contribution_id varchar primary key, closed_on date not null, reason varchar not null, closed_by varchar not null,
    recorded_at timestamp not null, log_id bigint not null
);

-- Reports delivered to donors.
create table ledger.contribution_report (
    contribution_id varchar not null, delivered_on date not null, note varchar, log_id bigint not null, primary key (contribution_id, delivered_on)
);

-- One row a contribution with entries: signed for, not under conditions still to be met, and not yet received, in the book's currency at the rate of its signing; less
-- the fees that it may still bear, so that what is allocated of it will be there.
create or replace view ledger.contribution_receivable as
with bearing as (
    select c.contribution_id, coalesce(c.fee_percent, 0) as share, 0::decimal(18, 4) as flat from ledger.contribution_now c where c.fee_schedule is null
    union all
    select c.contribution_id, max(t.share), sum(t.flat) from ledger.contribution_now c join ledger.fee_tier t using (fee_schedule) group by c.contribution_id
),
owed as (
    select p.contribution_id, sum(p.base_amount) filter (e.kind <> 'revaluation') as receivable
    from ledger.posting p join ledger.entry e using (entry_id) where p.account in ('asset:receivable', 'asset:promissory-note') group by p.contribution_id
),
unit as (select ledger.grains_per_unit(places) as grains from ledger.currency join ledger.setting s on s.name = 'currency' and s.value = currency)
select o.contribution_id,
    case when c.conditional then 0 else greatest(0, o.receivable - b.flat - ledger.amount_of(
        (ledger.grains(o.receivable) * (b.share::decimal(38, 6) * 1000000)::hugeint + 1000000 * u.grains - 1) // (1000000 * u.grains) * u.grains)) end as receivable
from owed o join ledger.contribution_now c using (contribution_id) join bearing b using (contribution_id) cross join unit u;

-- One row a contribution: until when it may be used, and whether it is closed.
create view ledger.contribution_open as
select c.contribution_id, c.use_by, k.closed_on
from ledger.contribution_now c left join ledger.contribution_closing k using (contribution_id);

-- One row a contribution whose money has a last day of spending: that day, whether its use-by date or the last of the days that it may pay, and the fact in words.
create view ledger.contribution_until as
select contribution_id, least(use_by, spend_to) as until, spend_to is not null and (use_by is null or spend_to < use_by) as is_spend_to,
    case when is_spend_to then 'may pay until ' else 'is to be used by ' end || until as told
from ledger.contribution_now where use_by is not null or spend_to is not null;

-- One row a request and contribution that pays for its earlier years alone, by a posted decision that tells years apart: the last of them.
create view ledger.paid_early as
select p.request_id, p.contribution_id, max(p.year) as last_year
from ledger.payment_year p join ledger.round_state t on t.round_id = p.round_id and t.decision = p.decision
where t.state = 'posted' group by p.request_id, p.contribution_id
qualify max(p.year) < max(max(p.year)) over (partition by p.request_id);

-- Periods are closed through a day, and reopened from a day on by a decision: `through` is the last day that is closed after the event.
create table ledger.period_event (
    position integer primary key, event varchar not null check (event in ('closed', 'reopened')), through date not null, reason varchar not null,
    decided_by varchar not null, recorded_at timestamp not null, log_id bigint not null
);
-- The last day of what is closed; one row, null where nothing is.
create view ledger.closed_period as
select arg_max(through, position) as through from ledger.period_event;

-- Nothing is dated inside what is closed, whoever writes it.
create trigger entry_period after insert on ledger.entry referencing new table as new_rows for each statement
    insert into guard.refused
    select error('period-closed: an entry of ' || n.entry_date || ' lies in a period closed through ' || c.through)
    from new_rows n, ledger.closed_period c where n.entry_date <= c.through;

-- What indicators of a request have reached.
create table ledger.result (
    request_id varchar not null, indicator varchar not null, unit varchar, baseline decimal(18, 4), target decimal(18, 4), actual decimal(18, 4),
    reported_on date not null, source varchar not null, content_digest varchar not null, log_id bigint not null,
    primary key (request_id, indicator, reported_on)
);

-- Appeals against what a round decided on a request, and what became of them: filed, then upheld or dismissed.
create table ledger.appeal (
    appeal_id varchar not null, event varchar not null check (event in ('filed', 'upheld', 'dismissed')), round_id varchar not null, request_id varchar not null,
    event_date date not null, grounds varchar not null, decided_by varchar not null, new_round_id varchar, recorded_at timestamp not null, log_id bigint not null,
    primary key (appeal_id, event)
);

create trigger instalment_update after update on ledger.instalment referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.instalment refuses update; post a correction instead') from old_rows;
create trigger instalment_delete after delete on ledger.instalment referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.instalment refuses delete; post a correction instead') from old_rows;
create trigger rescheduling_update after update on ledger.rescheduling referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.rescheduling refuses update; post a correction instead') from old_rows;
create trigger rescheduling_delete after delete on ledger.rescheduling referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.rescheduling refuses delete; post a correction instead') from old_rows;
create trigger fee_tier_update after update on ledger.fee_tier referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.fee_tier refuses update; post a correction instead') from old_rows;
create trigger fee_tier_delete after delete on ledger.fee_tier referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.fee_tier refuses delete; post a correction instead') from old_rows;
create trigger contribution_condition_update after update on ledger.contribution_condition referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.contribution_condition refuses update; post a correction instead') from old_rows;
create trigger contribution_condition_delete after delete on ledger.contribution_condition referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.contribution_condition refuses delete; post a correction instead') from old_rows;
create trigger application_update after update on ledger.application referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.application refuses update; post a correction instead') from old_rows;
create trigger application_delete after delete on ledger.application referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.application refuses delete; post a correction instead') from old_rows;
create trigger bounce_update after update on ledger.bounce referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.bounce refuses update; post a correction instead') from old_rows;
create trigger bounce_delete after delete on ledger.bounce referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.bounce refuses delete; post a correction instead') from old_rows;
create trigger promissory_note_update after update on ledger.promissory_note referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.promissory_note refuses update; post a correction instead') from old_rows;
create trigger promissory_note_delete after delete on ledger.promissory_note referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.promissory_note refuses delete; post a correction instead') from old_rows;
create trigger exchange_update after update on ledger.exchange referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.exchange refuses update; post a correction instead') from old_rows;
create trigger exchange_delete after delete on ledger.exchange referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.exchange refuses delete; post a correction instead') from old_rows;
create trigger contribution_closing_update after update on ledger.contribution_closing referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.contribution_closing refuses update; post a correction instead') from old_rows;
create trigger contribution_closing_delete after delete on ledger.contribution_closing referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.contribution_closing refuses delete; post a correction instead') from old_rows;
create trigger contribution_report_update after update on ledger.contribution_report referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.contribution_report refuses update; post a correction instead') from old_rows;
create trigger contribution_report_delete after delete on ledger.contribution_report referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.contribution_report refuses delete; post a correction instead') from old_rows;
create trigger period_event_update after update on ledger.period_event referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.period_event refuses update; post a correction instead') from old_rows;
create trigger period_event_delete after delete on ledger.period_event referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.period_event refuses delete; post a correction instead') from old_rows;
create trigger result_update after update on ledger.result referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.result refuses update; post a correction instead') from old_rows;
create trigger result_delete after delete on ledger.result referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.result refuses delete; post a correction instead') from old_rows;
create trigger appeal_update after update on ledger.appeal referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.appeal refuses update; post a correction instead') from old_rows;
create trigger appeal_delete after delete on ledger.appeal referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.appeal refuses delete; post a correction instead') from old_rows;

-- What is not expected any more of what a donor signed for; in the contribution's currency.
create table ledger.write_off (
    write_off_id varchar primary key, contribution_id varchar not null, written_off_on date not null, amount decimal(18, 4) not null, reason varchar not null,
    content_digest varchar not null, entry_id bigint not null, log_id bigint not null
);
create trigger write_off_update after update on ledger.write_off referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.write_off refuses update; post a correction instead') from old_rows;
create trigger write_off_delete after delete on ledger.write_off referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.write_off refuses delete; post a correction instead') from old_rows;
