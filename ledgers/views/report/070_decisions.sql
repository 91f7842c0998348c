-- One row per decision.
create or replace view report.decisions as
with approved as (
    select round_id, decision, count(*) as approvals from ledger.approval group by round_id, decision
),
last_decided as (
    select d.round_id, arg_max(d.position, (o.decision is null, d.position)) as position
    from ledger.decision d
    left join ledger.outdated_decision o on o.round_id = d.round_id and o.decision = d.decision
    where d.status <> 'infeasible'
    group by d.round_id
)
select
    d.round_id, d.decision, d.position, d.status, d.objective_name, d.objective, d.bound, d.gap, d.solver, d.inputs, r.currency,
    d.resources, d.awarded, d.proposer, coalesce(approved.approvals, 0) as approvals,
    coalesce(case when r.state = 'posted' then d.decision = r.decision_posted
        when r.state = 'cancelled' then false else d.position = last_decided.position end, false) as stands,
    outdated.decision is not null as is_outdated, d.body, d.recorded_at
from ledger.decision d
join report.rounds r on r.round_id = d.round_id
left join approved on approved.round_id = d.round_id and approved.decision = d.decision
left join last_decided on last_decided.round_id = d.round_id
left join ledger.outdated_decision outdated on outdated.round_id = d.round_id and outdated.decision = d.decision;

comment on view report.decisions is 'One row per decision solved for a round. stands is true for the one posted or, in a round still open, the last one solved under the overrides that count.';
comment on column report.decisions.round_id is 'the round';
comment on column report.decisions.decision is 'SHA-256 of the decision''s canonical JSON';
comment on column report.decisions.position is 'its number among the round''s decisions';
comment on column report.decisions.status is 'optimal (gap within the policy''s), feasible (the search was cut short) or infeasible';
comment on column report.decisions.objective_name is 'what was maximised first: merit or score';
comment on column report.decisions.objective is 'its exact value over the awards, decimal text';
comment on column report.decisions.bound is 'upper bound that the solver gives, rounded outward, decimal text';
comment on column report.decisions.gap is '(bound less objective) over objective, rounded up';
comment on column report.decisions.solver is 'solver and version';
comment on column report.decisions.inputs is 'SHA-256 of the problem solved';
comment on column report.decisions.currency is 'currency of resources and awarded';
comment on column report.decisions.resources is 'what the round could decide on before the reserve, in currency';
comment on column report.decisions.awarded is 'sum of the awards, in currency';
comment on column report.decisions.proposer is 'who solved it';
comment on column report.decisions.approvals is 'how many people approved it';
comment on column report.decisions.stands is 'true for the posted decision, or for the last one of a round still open that was solved under the overrides that count';
comment on column report.decisions.is_outdated is 'whether other overrides count now than those that it was solved under';
comment on column report.decisions.body is 'the whole decision as JSON';
comment on column report.decisions.recorded_at is 'when it was written to the book, UTC';
