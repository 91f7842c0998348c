-- One row per event in the life of a contribution beside its terms and its deposits: conditions met, notes taken, receipts applied, deposits bounced, amounts written off, instalments agreed anew, reports delivered, closing.
create or replace view report.contribution_events as
select contribution_id, met_on as event_date, 'condition met' as event, condition as subject, amount, source as told, log_id from ledger.contribution_condition
union all select contribution_id, received_on, 'promissory note', note_id, amount, null, log_id from ledger.promissory_note
union all select contribution_id, applied_on, 'receipt applied', deposit_id, applied_amount, 'from ' || from_contribution_id, log_id from ledger.application
union all select contribution_id, bounced_on, 'deposit bounced', deposit_id, null, reason, log_id from ledger.bounce
union all select contribution_id, written_off_on, 'written off', write_off_id, amount, reason, log_id from ledger.write_off
union all select contribution_id, valid_from, 'rescheduled', 'version ' || version, null, reason, log_id from ledger.rescheduling
union all select contribution_id, delivered_on, 'report delivered', null, null, note, log_id from ledger.contribution_report
union all select contribution_id, closed_on, 'closed', null, null, reason, log_id from ledger.contribution_closing;

comment on view report.contribution_events is 'One row per event in the life of a contribution beside its terms and its deposits: conditions met, notes taken, receipts applied, deposits bounced, amounts written off, instalments agreed anew, reports delivered, closing.';
comment on column report.contribution_events.contribution_id is 'the contribution';
comment on column report.contribution_events.event_date is 'day of the event';
comment on column report.contribution_events.event is 'what happened';
comment on column report.contribution_events.subject is 'what it is about: the condition, the note, the deposit, the write-off, the version of the instalments';
comment on column report.contribution_events.amount is 'amount in the contribution''s currency, where there is one';
comment on column report.contribution_events.told is 'source or reason';
comment on column report.contribution_events.log_id is 'the row of report.log by which it was written';
