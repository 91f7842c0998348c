-- One row per instalment of a contribution, of the latest version of them: what is due when, and how much of it is covered by what came in, the earliest first.
create or replace view report.instalments as
with came as (
    select p.contribution_id, -sum(p.amount) as amount from ledger.posting p join ledger.entry e on e.entry_id = p.entry_id
    left join ledger.reversal back on back.entry_id = p.entry_id left join ledger.entry taken on taken.entry_id = back.reversed_entry_id
    where p.account = 'asset:receivable' and p.amount <> 0 and coalesce(taken.kind, e.kind) not in ('signing', 'amendment', 'write-off') group by p.contribution_id
)
select i.contribution_id, d.donor, i.version, i.due_on, c.currency, i.amount,
    greatest(0, least(i.amount, coalesce(k.amount, 0) - (sum(i.amount) over (partition by i.contribution_id order by i.due_on) - i.amount)))::decimal(38, 4) as covered,
    (select value from ledger.setting where name = 'currency') as book_currency, l.recorded_at
from ledger.instalment_now i
join ledger.contribution_now c on c.contribution_id = i.contribution_id
join ledger.donor d on d.donor_id = c.donor_id
left join ledger.log l on l.log_id = i.log_id
left join came k on k.contribution_id = i.contribution_id;

comment on view report.instalments is 'One row per instalment of a contribution, of the latest version of them: what is due when, and how much of it is covered by what came in, the earliest first.';
comment on column report.instalments.contribution_id is 'the contribution';
comment on column report.instalments.donor is 'who is to pay';
comment on column report.instalments.version is 'how often the instalments were agreed anew, and 1';
comment on column report.instalments.due_on is 'day on which it is due';
comment on column report.instalments.currency is 'currency of the contribution';
comment on column report.instalments.amount is 'what is due';
comment on column report.instalments.covered is 'part of it that cash or promissory notes cover';
comment on column report.instalments.book_currency is 'the book''s currency';
comment on column report.instalments.recorded_at is 'when it was written to the book, UTC';

-- One row per instalment of every version. A version counts from the day that its rescheduling names, the first from the beginning.
create or replace view report.instalment_versions as
select i.contribution_id, i.version, i.version = latest.version as is_latest, r.valid_from as counts_from, i.due_on, c.currency, i.amount,
    r.reason, r.decided_by, l.recorded_at, i.log_id
from ledger.instalment i
join (select contribution_id, max(version) as version from ledger.instalment group by contribution_id) latest on latest.contribution_id = i.contribution_id
join ledger.contribution_now c on c.contribution_id = i.contribution_id
left join ledger.rescheduling r on r.contribution_id = i.contribution_id and r.version = i.version
left join ledger.log l on l.log_id = i.log_id;

comment on view report.instalment_versions is 'One row per instalment of every version: what was due of a contribution on which day, before and after each rescheduling.';
comment on column report.instalment_versions.contribution_id is 'the contribution';
comment on column report.instalment_versions.version is 'number of the version, from 1; all instalments of a contribution have one version at a time';
comment on column report.instalment_versions.is_latest is 'whether no later version stands';
comment on column report.instalment_versions.counts_from is 'first day of this version; empty for the first, which counts from the beginning';
comment on column report.instalment_versions.due_on is 'day on which it is due';
comment on column report.instalment_versions.currency is 'currency of the contribution';
comment on column report.instalment_versions.amount is 'what is due';
comment on column report.instalment_versions.reason is 'why the instalments were agreed anew; empty for the first version';
comment on column report.instalment_versions.decided_by is 'who recorded that; empty for the first version';
comment on column report.instalment_versions.recorded_at is 'when it was written to the book, UTC';
comment on column report.instalment_versions.log_id is 'the write that brought it, in report.log';
