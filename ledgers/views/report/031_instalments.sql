-- One row per instalment of a contribution: what is due when, and how much of it is covered by what came in, the earliest first.
create or replace view report.instalments as
with came as (
    select p.contribution_id, -sum(p.amount) as amount from ledger.posting p join ledger.entry e on e.entry_id = p.entry_id
    left join ledger.reversal back on back.entry_id = p.entry_id left join ledger.entry taken on taken.entry_id = back.reversed_entry_id
    where p.account = 'asset:receivable' and p.amount <> 0 and coalesce(taken.kind, e.kind) not in ('signing', 'amendment', 'write-off') group by p.contribution_id
)
select i.contribution_id, d.donor, i.due_on, c.currency, i.amount,
    greatest(0, least(i.amount, coalesce(k.amount, 0) - (sum(i.amount) over (partition by i.contribution_id order by i.due_on) - i.amount)))::decimal(38, 4) as covered,
    (select value from ledger.setting where name = 'currency') as book_currency, l.recorded_at
from ledger.instalment i
join ledger.contribution_now c on c.contribution_id = i.contribution_id
join ledger.donor d on d.donor_id = c.donor_id
left join ledger.log l on l.log_id = i.log_id
left join came k on k.contribution_id = i.contribution_id;

comment on view report.instalments is 'One row per instalment of a contribution: what is due when, and how much of it is covered by what came in, the earliest first.';
comment on column report.instalments.contribution_id is 'the contribution';
comment on column report.instalments.donor is 'who is to pay';
comment on column report.instalments.due_on is 'day on which it is due';
comment on column report.instalments.currency is 'currency of the contribution';
comment on column report.instalments.amount is 'what is due';
comment on column report.instalments.covered is 'part of it that cash or promissory notes cover';
comment on column report.instalments.book_currency is 'the book''s currency';
comment on column report.instalments.recorded_at is 'when it was written to the book, UTC';
