-- Every row of the log has written as many rows as it says, and every row is of a log row: a row cut off the end is missed. One row a breach.
-- Counted are the rows that commands count: whatever a user brings in or decides, once; not the entries that follow from a contribution, a deposit, a report that
-- replaces another, or the end of a period.
with written as (
    select log_id from ledger.contribution union all select log_id from ledger.deposit union all select log_id from ledger.request
    union all select log_id from ledger.request_year union all select log_id from ledger.recusal union all select log_id from ledger.round_override
    union all select log_id from ledger.score union all select log_id from ledger.rate union all select log_id from ledger.round
    union all select log_id from ledger.decision union all select log_id from ledger.approval
    union all select log_id from ledger.round_event where event <> 'opened'
    union all select log_id from ledger.clearance union all select log_id from ledger.tranche union all select log_id from ledger.tranche_condition
    union all select log_id from ledger.bank union all select log_id from ledger.instalment union all select log_id from ledger.rescheduling union all select log_id from ledger.fee_tier
    union all select log_id from ledger.result union all select log_id from ledger.opening_total union all select log_id from ledger.audit_flag union all select log_id from ledger.grant_override
    union all select log_id from ledger.closure union all select log_id from ledger.contribution_closing union all select log_id from ledger.contribution_report
    union all select log_id from ledger.period_event union all select log_id from ledger.appeal union all select log_id from ledger.commitment where version > 1
    union all select log_id from ledger.entry where kind not in ('pledge', 'in-kind', 'signing', 'amendment', 'deposit', 'fee', 'expenditure-replaced')
),
counted as (select log_id, count(*) as there from written group by log_id)
select 'log row ' || coalesce(l.log_id, c.log_id) || ' (' || coalesce(l.command, 'missing') || ') counts ' || coalesce(l.new_count, 0)
    || ' rows, and the book has ' || coalesce(c.there, 0) as finding
from ledger.log l full join counted c using (log_id)
where l.new_count is distinct from c.there
union all
select 'the log has ' || count(*) || ' rows, and its last is number ' || max(log_id) from ledger.log having count(*) <> max(log_id)
order by finding
