-- One row per (decision, request) with an award.
create or replace view report.awards as
select
    a.round_id, a.decision, d.stands, a.request_id, q.title, q.applicant, q.applicant_kind, q.country, coalesce(k.name, g.name) as country_name, q.request_window,
    q.objectives,
    rq.merit, r.currency, a.amount, rq.base_requested, rq.base_minimum
from ledger.award a
join report.decisions d on d.round_id = a.round_id and d.decision = a.decision
join ledger.round r on r.round_id = a.round_id
join ledger.request q on q.request_id = a.request_id
left join report.round_requests rq on rq.round_id = a.round_id and rq.request_id = a.request_id
left join ledger.country k on k.country = q.country
left join ledger.region g on g.region = q.country;

comment on view report.awards is 'One row per award of a decision.';
comment on column report.awards.round_id is 'the round';
comment on column report.awards.decision is 'the decision';
comment on column report.awards.stands is 'true for the posted decision, or for the last one of a round still open';
comment on column report.awards.request_id is 'the request';
comment on column report.awards.title is 'its title';
comment on column report.awards.applicant is 'who asks';
comment on column report.awards.applicant_kind is 'kind of applicant';
comment on column report.awards.country is 'country, shares, region, or empty for a global request';
comment on column report.awards.country_name is 'name of the country or region, where it is one';
comment on column report.awards.request_window is 'window (`window` is a reserved word in SQL)';
comment on column report.awards.objectives is 'objectives, separated by |';
comment on column report.awards.merit is 'merit as the round froze it, rounded to six places';
comment on column report.awards.currency is 'currency of the amounts';
comment on column report.awards.amount is 'the award';
comment on column report.awards.base_requested is 'the ask as the round froze it';
comment on column report.awards.base_minimum is 'the smallest useful amount as the round froze it';
