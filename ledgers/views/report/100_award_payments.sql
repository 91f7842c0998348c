-- One row per (decision, request, contribution).
create or replace view report.award_payments as
select
    p.round_id, p.decision, d.stands, p.request_id, q.request_window, q.country, p.contribution_id, c.donor, c.donor_kind,
    coalesce(f.earmark, c.earmark) as earmark, coalesce(f.earmark_class, c.earmark_class) as earmark_class, r.currency, p.amount
from ledger.payment p
join report.decisions d on d.round_id = p.round_id and d.decision = p.decision
join ledger.round r on r.round_id = p.round_id
join ledger.request q on q.request_id = p.request_id
join report.contributions c on c.contribution_id = p.contribution_id
left join report.round_contributions f on f.round_id = p.round_id and f.contribution_id = p.contribution_id;

comment on view report.award_payments is 'One row per award and contribution that pays it, for every decision, standing or not. For the money that stands see payments.';
comment on column report.award_payments.round_id is 'the round';
comment on column report.award_payments.decision is 'the decision';
comment on column report.award_payments.stands is 'true for the posted decision, or for the last one of a round still open';
comment on column report.award_payments.request_id is 'the request paid for';
comment on column report.award_payments.request_window is 'its window (`window` is a reserved word in SQL)';
comment on column report.award_payments.country is 'its country, shares, region, or empty';
comment on column report.award_payments.contribution_id is 'the contribution that pays';
comment on column report.award_payments.donor is 'the donor behind it';
comment on column report.award_payments.donor_kind is 'the donor''s kind';
comment on column report.award_payments.earmark is 'the donor''s restriction as the round froze it; later amendments change nothing here';
comment on column report.award_payments.earmark_class is 'its class: unearmarked, softly, earmarked or tightly';
comment on column report.award_payments.currency is 'currency of amount';
comment on column report.award_payments.amount is 'what this contribution pays of the award';
