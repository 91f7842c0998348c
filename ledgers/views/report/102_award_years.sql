-- One row per (decision, request, contribution, year), where the decision tells years apart.
create or replace view report.award_years as
select p.round_id, p.decision, d.stands, p.request_id, p.contribution_id, p.year, r.currency, sum(p.amount)::decimal(38, 4) as amount
from ledger.payment_year p
join report.decisions d on d.round_id = p.round_id and d.decision = p.decision
join ledger.round r on r.round_id = p.round_id
group by p.round_id, p.decision, d.stands, p.request_id, p.contribution_id, p.year, r.currency;

comment on view report.award_years is 'One row per award, contribution that pays it and year of the spending, for every decision that tells years apart. Together they are the amounts of award_payments.';
comment on column report.award_years.round_id is 'the round';
comment on column report.award_years.decision is 'the decision';
comment on column report.award_years.stands is 'true for the posted decision, or for the last one of a round still open';
comment on column report.award_years.request_id is 'the request paid for';
comment on column report.award_years.contribution_id is 'the contribution that pays';
comment on column report.award_years.year is 'the calendar year of the spending';
comment on column report.award_years.currency is 'currency of amount';
comment on column report.award_years.amount is 'what this contribution pays of what the award spends in the year';
