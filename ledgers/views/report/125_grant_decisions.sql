-- One row per decision on a grant agreement beside its money: audit flags raised and lifted, rules set aside, extensions, closures; each by name and with its reason.
create or replace view report.grant_decisions as
select commitment_id, flagged_on as decided_on, case when is_lifted then 'audit flag lifted' else 'audit flag raised' end as decision, null as rule, null::date as valid_until, reason,
    decided_by, recorded_at, log_id from ledger.audit_flag
union all select commitment_id, valid_from, 'rule set aside', rule, valid_until, reason, decided_by, recorded_at, log_id from ledger.grant_override
union all select commitment_id, coalesce(valid_from, recorded_at::date), 'extended', null, ends_on, reason, (select l.actor from ledger.log l where l.log_id = c.log_id), recorded_at, log_id
    from ledger.commitment c where version > 1
union all select commitment_id, closed_on, 'closed: ' || stage, null, null, reason, closed_by, recorded_at, log_id from ledger.closure;

comment on view report.grant_decisions is 'One row per decision on a grant agreement beside its money: audit flags raised and lifted, rules set aside, extensions, closures; each by name and with its reason.';
comment on column report.grant_decisions.commitment_id is 'the grant agreement';
comment on column report.grant_decisions.decided_on is 'from which day it counts';
comment on column report.grant_decisions.decision is 'what was decided';
comment on column report.grant_decisions.rule is 'which rule was set aside';
comment on column report.grant_decisions.valid_until is 'the last day of an override, or the new end of an extension';
comment on column report.grant_decisions.reason is 'why';
comment on column report.grant_decisions.decided_by is 'who decided';
comment on column report.grant_decisions.recorded_at is 'when it was written to the book, UTC';
comment on column report.grant_decisions.log_id is 'the row of report.log by which it was written';
