-- One row per flow of the facility's own book.
create or replace view report.flows as
with moved as (
    select
        p.reference, p.line, p.entry_date, p.kind, p.currency, p.amount, p.base_amount, p.book_currency, p.contribution_id, p.request_id, p.narration,
        case p.account when 'memo:pledge' then 'pledge' when 'income:contribution' then 'contribution'
            when 'expense:transfer' then 'disbursement' else 'deposit' end as stage
    from report.postings p
    where (p.account = 'memo:pledge')
        or (p.account = 'income:contribution')
        or (p.account like 'asset:cash:%' and p.kind = 'deposit')
        or (p.account = 'expense:transfer')
)
select
    'facility' as source, moved.reference || '#' || moved.line::varchar as source_id, moved.entry_date as date,
    extract(year from moved.entry_date)::integer as year, (select value from ledger.setting where name = 'name') as reporter,
    case when moved.stage = 'disbursement' then (select value from ledger.setting where name = 'name') else c.donor end as provider,
    case when moved.stage = 'disbursement' then 'facility' else c.donor_kind end as provider_kind,
    case when moved.stage = 'disbursement' then coalesce(q.implementer, q.applicant)
        else (select value from ledger.setting where name = 'name') end as receiver,
    case when moved.stage = 'disbursement' then q.applicant_kind else 'facility' end as receiver_kind,
    case when moved.stage = 'disbursement' then 'outgoing' else 'incoming' end as flow_type, moved.stage,
    case when moved.stage = 'disbursement' then q.country end as country, cast(null as varchar) as sector,
    case when moved.stage = 'disbursement' then q.objectives end as objective,
    case when moved.stage = 'disbursement' then q.request_window end as request_window,
    moved.currency, case when moved.stage = 'contribution' then -moved.amount else moved.amount end as amount,
    moved.book_currency, case when moved.stage = 'contribution' then -moved.base_amount else moved.base_amount end as base_amount,
    moved.contribution_id as provider_activity, moved.request_id as receiver_activity, cast(null as varchar) as parent_id, moved.narration as text
from moved
left join report.contributions c on c.contribution_id = moved.contribution_id
left join ledger.request q on q.request_id = moved.request_id;

comment on view report.flows is 'The facility''s own book as flows, one row each: pledges and contributions signed and deposits received (incoming), transfers (outgoing). Stages are never added together; incoming and outgoing are never added.';
comment on column report.flows.source is 'who reports the flow: facility, the book itself';
comment on column report.flows.source_id is 'identifier of the flow in its source: entry reference and line';
comment on column report.flows.date is 'day of the flow';
comment on column report.flows.year is 'year of the flow';
comment on column report.flows.reporter is 'the facility''s name';
comment on column report.flows.provider is 'who gives';
comment on column report.flows.provider_kind is 'kind of the giver';
comment on column report.flows.receiver is 'who receives';
comment on column report.flows.receiver_kind is 'kind of the receiver';
comment on column report.flows.flow_type is 'incoming to the facility, or outgoing from it';
comment on column report.flows.stage is 'pledge, contribution, deposit or disbursement; a signing takes its pledge back as a negative pledge';
comment on column report.flows.country is 'country of the use, where the flow is a transfer for a request';
comment on column report.flows.sector is 'sector code, where the source gives one';
comment on column report.flows.objective is 'objectives of the request, separated by |';
comment on column report.flows.request_window is 'window of the request (`window` is a reserved word in SQL)';
comment on column report.flows.currency is 'currency of amount';
comment on column report.flows.amount is 'amount of the flow';
comment on column report.flows.book_currency is 'the book''s currency';
comment on column report.flows.base_amount is 'the amount in the book''s currency, as posted';
comment on column report.flows.provider_activity is 'the contribution it comes from';
comment on column report.flows.receiver_activity is 'the request it goes to';
comment on column report.flows.parent_id is 'flow that this one is part of, where there is one';
comment on column report.flows.text is 'the entry in words';
