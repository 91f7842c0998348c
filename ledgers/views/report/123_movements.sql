-- One row per movement of money after its deposit, as it was given: commitments, disbursements, expenditures, refunds, releases, fees, interest and all else. What it fell on is in report.postings.
create or replace view report.movements as
select m.entry_id, m.kind, m.movement_id, e.entry_date, e.recorded_at, m.currency, m.amount, (select value from ledger.setting where name = 'currency') as book_currency, m.base_amount, r.rate_date, r.units_per_base, r.source as rate_source,
    m.contribution_id, m.request_id, m.commitment_id, k.implementer, m.tranche, m.bank, e.purpose, e.narration, m.note,
    x.spent_from, x.spent_to, x.status, x.base_direct, x.base_indirect, x.replaces, v.reason as taken_back_because, v.entry_id as taken_back_by, m.log_id
from ledger.movement m
join ledger.entry e on e.entry_id = m.entry_id
left join ledger.rate r on r.rate_id = m.rate_id
left join ledger.commitment k on k.commitment_id = m.commitment_id and k.version = 1
left join ledger.expenditure x on x.entry_id = m.entry_id
left join ledger.reversal v on v.reversed_entry_id = m.entry_id;

comment on view report.movements is 'One row per movement of money after its deposit, as it was given: commitments, disbursements, expenditures, refunds, releases, fees, interest and all else. What it fell on is in report.postings.';
comment on column report.movements.entry_id is 'its entry';
comment on column report.movements.kind is 'commitment, disbursement, expenditure, refund, release, disallowance, recovery, interest, bank-charge, return, reversal, ...';
comment on column report.movements.movement_id is 'its id, as given';
comment on column report.movements.entry_date is 'the day on which it counts';
comment on column report.movements.recorded_at is 'when it was written to the book, UTC';
comment on column report.movements.currency is 'currency of amount';
comment on column report.movements.amount is 'as given';
comment on column report.movements.book_currency is 'the book''s currency';
comment on column report.movements.base_amount is 'the same in the book''s currency';
comment on column report.movements.rate_date is 'date of the rate used, where one was';
comment on column report.movements.units_per_base is 'units of currency per one unit of the book''s currency at that rate';
comment on column report.movements.rate_source is 'who published that rate';
comment on column report.movements.contribution_id is 'the contribution, where the row names one; otherwise it was split over those of the balance that it reduces';
comment on column report.movements.request_id is 'the request that it is for';
comment on column report.movements.commitment_id is 'the grant agreement';
comment on column report.movements.implementer is 'with whom';
comment on column report.movements.tranche is 'which tranche';
comment on column report.movements.bank is 'account at a bank; main without one';
comment on column report.movements.purpose is 'of an administrative decision';
comment on column report.movements.narration is 'in words';
comment on column report.movements.note is 'note, source or reason';
comment on column report.movements.spent_from is 'of an expenditure: first day that it is for';
comment on column report.movements.spent_to is 'last day that it is for';
comment on column report.movements.status is 'provisional or final';
comment on column report.movements.base_direct is 'direct cost, in the book''s currency';
comment on column report.movements.base_indirect is 'indirect cost, in the book''s currency';
comment on column report.movements.replaces is 'the provisional report that it took the place of';
comment on column report.movements.taken_back_because is 'why it was taken back, where it was';
comment on column report.movements.taken_back_by is 'the entry that took it back';
comment on column report.movements.log_id is 'the row of report.log by which it was written';
