-- One row per posting, with its entry's dates and words.
create or replace view report.postings as
select
    e.entry_id, p.line, e.kind, coalesce(back.kind, e.kind) as counts_as, e.entry_date, e.recorded_at, e.reference, coalesce(e.purpose, back.purpose) as purpose, e.narration, p.account, p.currency, p.amount,
    (select value from ledger.setting where name = 'currency') as book_currency, p.base_amount, r.rate_date, r.units_per_base,
    r.source as rate_source, p.contribution_id, p.request_id, p.commitment_id, c.donor_id, k.implementer, e.log_id, e.digest
from ledger.posting p
join ledger.entry e on e.entry_id = p.entry_id
left join ledger.rate r on r.rate_id = p.rate_id
left join ledger.contribution c on c.contribution_id = p.contribution_id and c.version = 1
left join (
    select m.entry_id, k.implementer from ledger.movement m join ledger.commitment k on k.commitment_id = m.commitment_id and k.version = 1
) k on k.entry_id = e.entry_id
left join ledger.reversal v on v.entry_id = e.entry_id
left join ledger.entry back on back.entry_id = v.reversed_entry_id;

comment on view report.postings is 'One row per posting: one signed amount on one account, debit positive. Every entry sums to zero in each currency and in the book''s currency.';
comment on column report.postings.entry_id is 'the entry, numbered in the order of writing';
comment on column report.postings.line is 'the posting''s place in its entry';
comment on column report.postings.kind is 'what happened: pledge, signing, deposit, fee, allocation, commitment, disbursement, expenditure, refund, reversal, ...';
comment on column report.postings.counts_as is 'the kind whose figures it changes: its own, or, where it takes an entry back, that of the entry';
comment on column report.postings.entry_date is 'the day the entry counts';
comment on column report.postings.recorded_at is 'when the entry was written to the book, UTC';
comment on column report.postings.reference is 'the entry''s unique reference; writing it again changes nothing';
comment on column report.postings.purpose is 'what an administrative decision is for, where one is named; of an entry that takes one back, what that was for';
comment on column report.postings.narration is 'the entry in words';
comment on column report.postings.account is 'hledger-style account name; budget and memo accounts balance among themselves';
comment on column report.postings.currency is 'currency of amount';
comment on column report.postings.amount is 'signed amount in currency, debit positive';
comment on column report.postings.book_currency is 'the book''s currency';
comment on column report.postings.base_amount is 'the same amount in the book''s currency, converted once, when it was posted';
comment on column report.postings.rate_date is 'date of the exchange rate used, where one was';
comment on column report.postings.units_per_base is 'units of currency per one unit of the book''s currency at that rate';
comment on column report.postings.rate_source is 'who published that rate';
comment on column report.postings.contribution_id is 'whose money, where the posting uses or brings money';
comment on column report.postings.request_id is 'for which request, where it is for one';
comment on column report.postings.commitment_id is 'the grant agreement, where the posting is of one';
comment on column report.postings.donor_id is 'the donor of the contribution, where there is one';
comment on column report.postings.implementer is 'the implementer of the grant agreement that the entry is about';
comment on column report.postings.log_id is 'the row of report.log by which it was written';
comment on column report.postings.digest is 'SHA-256 of the entry''s content';
