-- One row per (decision, request, reason).
create or replace view report.refusals as
select
    f.round_id, f.decision, d.stands, f.request_id, f.position, f.kind, f.sentence, q.title, q.applicant, q.country, coalesce(k.name, g.name) as country_name, q.request_window,
    rq.merit, r.currency, rq.base_requested, rq.base_minimum, coalesce(a.amount, 0)::decimal(18, 4) as awarded
from ledger.refusal f
join report.decisions d on d.round_id = f.round_id and d.decision = f.decision
join ledger.round r on r.round_id = f.round_id
join ledger.request q on q.request_id = f.request_id
left join report.round_requests rq on rq.round_id = f.round_id and rq.request_id = f.request_id
left join ledger.award a on a.round_id = f.round_id and a.decision = f.decision and a.request_id = f.request_id
left join ledger.country k on k.country = q.country
left join ledger.region g on g.region = q.country;

comment on view report.refusals is 'One row per reason why a request got nothing, or less than it asked for, in a decision.';
comment on column report.refusals.round_id is 'the round';
comment on column report.refusals.decision is 'the decision';
comment on column report.refusals.stands is 'true for the posted decision, or for the last one of a round still open';
comment on column report.refusals.request_id is 'the request';
comment on column report.refusals.position is 'the reason''s place among the request''s reasons';
comment on column report.refusals.kind is 'not-eligible, override, exclusive, requires, not-enough-money, out-ranked, limit, reserve, no-merit, later-objectives or within-gap';
comment on column report.refusals.sentence is 'the reason in one sentence with its figures';
comment on column report.refusals.title is 'the request''s title';
comment on column report.refusals.applicant is 'who asks';
comment on column report.refusals.country is 'country, shares, region, or empty';
comment on column report.refusals.country_name is 'name of the country or region, where it is one';
comment on column report.refusals.request_window is 'window (`window` is a reserved word in SQL)';
comment on column report.refusals.merit is 'merit as the round froze it, rounded to six places';
comment on column report.refusals.currency is 'currency of the amounts';
comment on column report.refusals.base_requested is 'the ask as the round froze it';
comment on column report.refusals.base_minimum is 'the smallest useful amount as the round froze it';
comment on column report.refusals.awarded is 'what it got all the same; 0 when nothing';
