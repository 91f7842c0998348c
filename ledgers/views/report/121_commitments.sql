-- One row per grant agreement, its latest version, with what has become of its money.
create or replace view report.commitments as
with money as (
    select commitment_id,
        sum(amount) filter (account = 'budget:committed') as committed, sum(amount) filter (account = 'budget:disbursed') as disbursed,
        sum(amount) filter (account = 'asset:advance') as advance, sum(amount) filter (account = 'expense:programme') as spent,
        sum(amount) filter (account = 'asset:receivable:implementer') as owed
    from ledger.posting where commitment_id is not null group by commitment_id
),
moved as (
    select m.commitment_id, sum(m.base_amount) filter (m.kind = 'release') as released, sum(m.base_amount) filter (m.kind = 'refund') as refunded,
        sum(m.base_amount) filter (m.kind = 'recovery') as recovered, sum(m.base_amount) filter (m.kind = 'disallowance') as disallowed
    from ledger.movement m where m.commitment_id is not null and not exists (select 1 from ledger.reversal r where r.reversed_entry_id = m.entry_id)
    group by m.commitment_id
),
reported as (
    select m.commitment_id, max(x.spent_to) as reported_to, bool_or(x.status = 'final') as has_final,
        sum(m.base_amount) filter (x.status = 'provisional') as provisional, sum(x.base_indirect) as indirect
    from ledger.expenditure x join ledger.movement m using (entry_id)
    where not exists (select 1 from ledger.reversal r where r.reversed_entry_id = x.entry_id) group by m.commitment_id
),
flagged as (select commitment_id, arg_max(not is_lifted, position) as is_flagged from ledger.audit_flag group by commitment_id),
ended as (
    select commitment_id, max(closed_on) filter (stage = 'operational') as ended_on, max(closed_on) filter (stage = 'financial') as closed_on
    from ledger.closure group by commitment_id
)
select c.commitment_id, c.version, c.request_id, q.title, q.applicant, c.implementer, q.country, q.request_window, c.signed_on, c.starts_on, c.ends_on, c.report_due,
    c.agreement, (select value from ledger.setting where name = 'currency') as book_currency, c.amount, coalesce(v.released, 0)::decimal(38, 4) as released, coalesce(m.committed, 0)::decimal(38, 4) as committed,
    coalesce(m.disbursed, 0)::decimal(38, 4) as disbursed, coalesce(m.spent, 0)::decimal(38, 4) as spent, coalesce(r.provisional, 0)::decimal(38, 4) as provisional,
    coalesce(r.indirect, 0)::decimal(38, 4) as indirect, c.indirect_max, coalesce(m.advance, 0)::decimal(38, 4) as advance, coalesce(v.refunded, 0)::decimal(38, 4) as refunded,
    coalesce(v.disallowed, 0)::decimal(38, 4) as disallowed, coalesce(m.owed, 0)::decimal(38, 4) as owed, coalesce(v.recovered, 0)::decimal(38, 4) as recovered,
    r.reported_to, coalesce(r.has_final, false) as has_final, coalesce(f.is_flagged, false) as is_flagged, e.ended_on, e.closed_on,
    case when e.closed_on is not null then 'closed' when e.ended_on is not null then 'ended' else 'running' end as state, c.reason, c.recorded_at
from ledger.commitment_now c
left join ledger.request q on q.request_id = c.request_id
left join money m on m.commitment_id = c.commitment_id
left join moved v on v.commitment_id = c.commitment_id
left join reported r on r.commitment_id = c.commitment_id
left join flagged f on f.commitment_id = c.commitment_id
left join ended e on e.commitment_id = c.commitment_id;

comment on view report.commitments is 'One row per grant agreement, its latest version, with what has become of its money.';
comment on column report.commitments.commitment_id is 'the grant agreement';
comment on column report.commitments.version is 'number of its latest version; earlier ones stay in the book';
comment on column report.commitments.request_id is 'the request that it funds';
comment on column report.commitments.title is 'its title';
comment on column report.commitments.applicant is 'who asked';
comment on column report.commitments.implementer is 'who receives the money';
comment on column report.commitments.country is 'country, shares or region of the request';
comment on column report.commitments.request_window is 'window of the request (`window` is a reserved word in SQL)';
comment on column report.commitments.signed_on is 'day of signing';
comment on column report.commitments.starts_on is 'first day of activities';
comment on column report.commitments.ends_on is 'last day of activities';
comment on column report.commitments.report_due is 'day on which the final report is due';
comment on column report.commitments.agreement is 'reference of the agreement';
comment on column report.commitments.book_currency is 'currency of the amounts';
comment on column report.commitments.amount is 'what was committed at signing';
comment on column report.commitments.released is 'committed and freed again, not to be used';
comment on column report.commitments.committed is 'committed, and neither disbursed nor released';
comment on column report.commitments.disbursed is 'cash transferred, net of what came back';
comment on column report.commitments.spent is 'expenditure reported and allowed, provisional or final';
comment on column report.commitments.provisional is 'part of spent that is not final';
comment on column report.commitments.indirect is 'indirect cost in what was reported';
comment on column report.commitments.indirect_max is 'indirect cost that the agreement allows, of direct cost, 0 to 1';
comment on column report.commitments.advance is 'disbursed, and neither spent nor given back';
comment on column report.commitments.refunded is 'unspent money given back';
comment on column report.commitments.disallowed is 'reported cost that was not allowed';
comment on column report.commitments.owed is 'disallowed and not yet made good';
comment on column report.commitments.recovered is 'disallowed and made good';
comment on column report.commitments.reported_to is 'last day that a report of expenditure is for';
comment on column report.commitments.has_final is 'whether a final report has come';
comment on column report.commitments.is_flagged is 'whether an audit flag stands';
comment on column report.commitments.ended_on is 'day of operational closure';
comment on column report.commitments.closed_on is 'day of financial closure';
comment on column report.commitments.state is 'running, ended (operationally closed) or closed (financially)';
comment on column report.commitments.reason is 'why this version was made';
comment on column report.commitments.recorded_at is 'when this version was written to the book, UTC';
