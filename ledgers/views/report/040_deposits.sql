-- One row per (deposit, contribution).
create or replace view report.deposits as
select
    p.deposit_id, p.contribution_id, c.donor, c.donor_kind, p.received_on, p.currency, p.amount,
    (select value from ledger.setting where name = 'currency') as book_currency, p.base_amount, r.rate_date, r.units_per_base,
    c.currency as contribution_currency, p.applied_amount, p.unapplied_amount, p.unapplied_base_amount, p.entry_id, e.recorded_at
from ledger.deposit p
join report.contributions c on c.contribution_id = p.contribution_id
left join ledger.rate r on r.rate_id = p.rate_id
left join ledger.entry e on e.entry_id = p.entry_id;

comment on view report.deposits is 'One row per deposit and contribution it serves: cash received, with what it discharged.';
comment on column report.deposits.deposit_id is 'the deposit, as the bank or the file names it';
comment on column report.deposits.contribution_id is 'the contribution it was received against';
comment on column report.deposits.donor is 'the donor''s name';
comment on column report.deposits.donor_kind is 'the donor''s kind';
comment on column report.deposits.received_on is 'day the cash arrived';
comment on column report.deposits.currency is 'the deposit''s currency';
comment on column report.deposits.amount is 'cash received, in currency';
comment on column report.deposits.book_currency is 'the book''s currency';
comment on column report.deposits.base_amount is 'what the bank credited, or the amount at the day''s rate, in the book''s currency';
comment on column report.deposits.rate_date is 'date of the rate used, where one was';
comment on column report.deposits.units_per_base is 'units of currency per one unit of the book''s currency at that rate';
comment on column report.deposits.contribution_currency is 'currency of applied_amount';
comment on column report.deposits.applied_amount is 'what it discharged of the undertaking, in contribution_currency';
comment on column report.deposits.unapplied_amount is 'what was beyond the undertaking, in currency';
comment on column report.deposits.unapplied_base_amount is 'the same in the book''s currency';
comment on column report.deposits.entry_id is 'its entry in the journal';
comment on column report.deposits.recorded_at is 'when it was written to the book, UTC';
