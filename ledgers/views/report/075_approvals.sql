-- One row per (decision, approver).
create or replace view report.approvals as
select a.round_id, a.decision, a.approver, a.recorded_at
from ledger.approval a;

comment on view report.approvals is 'One row per approval of a decision by one person.';
comment on column report.approvals.round_id is 'the round';
comment on column report.approvals.decision is 'the decision approved';
comment on column report.approvals.approver is 'who approved';
comment on column report.approvals.recorded_at is 'when, UTC';
