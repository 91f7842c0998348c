-- One row per opening balance.
create or replace view report.opening as
select o.opening_id, o.item, o.as_of, o.contribution_id, d.donor, o.request_id, o.commitment_id, o.implementer, o.bank, o.currency, o.amount, (select value from ledger.setting where name = 'currency') as book_currency, o.base_amount,
    o.entry_id, e.recorded_at, l.file, o.log_id
from ledger.opening o join ledger.entry e on e.entry_id = o.entry_id
left join ledger.contribution c on c.contribution_id = o.contribution_id and c.version = 1
left join ledger.donor d on d.donor_id = c.donor_id
left join ledger.log l on l.log_id = o.log_id;

comment on view report.opening is 'One row per opening balance: what an existing fund''s books said on the day from which this one is kept.';
comment on column report.opening.opening_id is 'its id in the file';
comment on column report.opening.item is 'cash, received, unapplied, available, allocated, committed, advance, spent, fees or owed-to-donor';
comment on column report.opening.as_of is 'the day';
comment on column report.opening.contribution_id is 'the contribution';
comment on column report.opening.donor is 'the donor''s name';
comment on column report.opening.request_id is 'the request';
comment on column report.opening.commitment_id is 'the grant agreement';
comment on column report.opening.implementer is 'with whom';
comment on column report.opening.bank is 'account at a bank; main without one';
comment on column report.opening.currency is 'currency of amount';
comment on column report.opening.amount is 'the balance, in currency';
comment on column report.opening.book_currency is 'the book''s currency';
comment on column report.opening.base_amount is 'the same in the book''s currency';
comment on column report.opening.entry_id is 'its entry';
comment on column report.opening.recorded_at is 'when it was written to the book, UTC';
comment on column report.opening.file is 'the file that it came from';
comment on column report.opening.log_id is 'the row of report.log by which it was written';
