-- Nothing in the book is updated or deleted: every table refuses it, TRUNCATE included, and an unbalanced entry never stands.
-- The book is tamper-evident, not tamper-proof: who owns the file can drop a trigger, and `facility check` then says so.

create schema guard;
create table guard.refused (reason varchar);

create trigger setting_update after update on ledger.setting referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.setting refuses update; post a correction instead') from old_rows;
create trigger setting_delete after delete on ledger.setting referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.setting refuses delete; post a correction instead') from old_rows;
create trigger log_update after update on ledger.log referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.log refuses update; post a correction instead') from old_rows;
create trigger log_delete after delete on ledger.log referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.log refuses delete; post a correction instead') from old_rows;
create trigger view_set_update after update on ledger.view_set referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.view_set refuses update; post a correction instead') from old_rows;
create trigger view_set_delete after delete on ledger.view_set referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.view_set refuses delete; post a correction instead') from old_rows;
create trigger currency_update after update on ledger.currency referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.currency refuses update; post a correction instead') from old_rows;
create trigger currency_delete after delete on ledger.currency referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.currency refuses delete; post a correction instead') from old_rows;
create trigger country_update after update on ledger.country referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.country refuses update; post a correction instead') from old_rows;
create trigger country_delete after delete on ledger.country referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.country refuses delete; post a correction instead') from old_rows;
create trigger region_update after update on ledger.region referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.region refuses update; post a correction instead') from old_rows;
create trigger region_delete after delete on ledger.region referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.region refuses delete; post a correction instead') from old_rows;
create trigger country_group_update after update on ledger.country_group referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.country_group refuses update; post a correction instead') from old_rows;
create trigger country_group_delete after delete on ledger.country_group referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.country_group refuses delete; post a correction instead') from old_rows;
create trigger objective_update after update on ledger.objective referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.objective refuses update; post a correction instead') from old_rows;
create trigger objective_delete after delete on ledger.objective referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.objective refuses delete; post a correction instead') from old_rows;
create trigger rate_update after update on ledger.rate referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.rate refuses update; post a correction instead') from old_rows;
create trigger rate_delete after delete on ledger.rate referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.rate refuses delete; post a correction instead') from old_rows;
create trigger donor_update after update on ledger.donor referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.donor refuses update; post a correction instead') from old_rows;
create trigger donor_delete after delete on ledger.donor referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.donor refuses delete; post a correction instead') from old_rows;
create trigger contribution_update after update on ledger.contribution referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.contribution refuses update; post a correction instead') from old_rows;
create trigger contribution_delete after delete on ledger.contribution referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.contribution refuses delete; post a correction instead') from old_rows;
create trigger deposit_update after update on ledger.deposit referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.deposit refuses update; post a correction instead') from old_rows;
create trigger deposit_delete after delete on ledger.deposit referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.deposit refuses delete; post a correction instead') from old_rows;
create trigger request_update after update on ledger.request referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.request refuses update; post a correction instead') from old_rows;
create trigger request_delete after delete on ledger.request referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.request refuses delete; post a correction instead') from old_rows;
create trigger request_country_update after update on ledger.request_country referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.request_country refuses update; post a correction instead') from old_rows;
create trigger request_country_delete after delete on ledger.request_country referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.request_country refuses delete; post a correction instead') from old_rows;
create trigger request_objective_update after update on ledger.request_objective referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.request_objective refuses update; post a correction instead') from old_rows;
create trigger request_objective_delete after delete on ledger.request_objective referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.request_objective refuses delete; post a correction instead') from old_rows;
create trigger request_measure_update after update on ledger.request_measure referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.request_measure refuses update; post a correction instead') from old_rows;
create trigger request_measure_delete after delete on ledger.request_measure referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.request_measure refuses delete; post a correction instead') from old_rows;
create trigger score_update after update on ledger.score referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.score refuses update; post a correction instead') from old_rows;
create trigger score_delete after delete on ledger.score referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.score refuses delete; post a correction instead') from old_rows;
create trigger entry_update after update on ledger.entry referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.entry refuses update; post a correction instead') from old_rows;
create trigger entry_delete after delete on ledger.entry referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.entry refuses delete; post a correction instead') from old_rows;
create trigger posting_update after update on ledger.posting referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.posting refuses update; post a correction instead') from old_rows;
create trigger posting_delete after delete on ledger.posting referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.posting refuses delete; post a correction instead') from old_rows;
create trigger round_update after update on ledger.round referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.round refuses update; post a correction instead') from old_rows;
create trigger round_delete after delete on ledger.round referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.round refuses delete; post a correction instead') from old_rows;
create trigger round_contribution_update after update on ledger.round_contribution referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.round_contribution refuses update; post a correction instead') from old_rows;
create trigger round_contribution_delete after delete on ledger.round_contribution referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.round_contribution refuses delete; post a correction instead') from old_rows;
create trigger round_country_used_update after update on ledger.round_country_used referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.round_country_used refuses update; post a correction instead') from old_rows;
create trigger round_country_used_delete after delete on ledger.round_country_used referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.round_country_used refuses delete; post a correction instead') from old_rows;
create trigger round_request_update after update on ledger.round_request referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.round_request refuses update; post a correction instead') from old_rows;
create trigger round_request_delete after delete on ledger.round_request referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.round_request refuses delete; post a correction instead') from old_rows;
create trigger decision_update after update on ledger.decision referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.decision refuses update; post a correction instead') from old_rows;
create trigger decision_delete after delete on ledger.decision referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.decision refuses delete; post a correction instead') from old_rows;
create trigger award_update after update on ledger.award referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.award refuses update; post a correction instead') from old_rows;
create trigger award_delete after delete on ledger.award referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.award refuses delete; post a correction instead') from old_rows;
create trigger payment_update after update on ledger.payment referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.payment refuses update; post a correction instead') from old_rows;
create trigger payment_delete after delete on ledger.payment referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.payment refuses delete; post a correction instead') from old_rows;
create trigger refusal_update after update on ledger.refusal referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.refusal refuses update; post a correction instead') from old_rows;
create trigger refusal_delete after delete on ledger.refusal referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.refusal refuses delete; post a correction instead') from old_rows;
create trigger limit_outcome_update after update on ledger.limit_outcome referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.limit_outcome refuses update; post a correction instead') from old_rows;
create trigger limit_outcome_delete after delete on ledger.limit_outcome referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.limit_outcome refuses delete; post a correction instead') from old_rows;
create trigger approval_update after update on ledger.approval referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.approval refuses update; post a correction instead') from old_rows;
create trigger approval_delete after delete on ledger.approval referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.approval refuses delete; post a correction instead') from old_rows;
create trigger round_event_update after update on ledger.round_event referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.round_event refuses update; post a correction instead') from old_rows;
create trigger round_event_delete after delete on ledger.round_event referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.round_event refuses delete; post a correction instead') from old_rows;

create trigger posting_balances_each_currency after insert on ledger.posting referencing new table as new_rows for each statement
    insert into guard.refused
    select error('unbalanced: entry ' || entry_id || ' is off by ' || sum(amount) || ' ' || currency)
    from new_rows group by entry_id, currency having sum(amount) <> 0;
create trigger posting_balances_base after insert on ledger.posting referencing new table as new_rows for each statement
    insert into guard.refused
    select error('unbalanced: entry ' || entry_id || ' is off by ' || sum(base_amount) || ' in the book''s currency')
    from new_rows group by entry_id having sum(base_amount) <> 0;
create trigger posting_budget_balances after insert on ledger.posting referencing new table as new_rows for each statement
    insert into guard.refused
    select error('unbalanced: the ' || split_part(account, ':', 1) || ' lines of entry ' || entry_id || ' are off by ' || sum(amount))
    from new_rows where account like 'budget:%' or account like 'memo:%' group by entry_id, currency, split_part(account, ':', 1) having sum(amount) <> 0;
