-- One row per (decision, limit, side).
create or replace view report.limits as
select
    l.round_id, l.decision, l.position, l.limit_name, l.side, l.bound, l.actual, l.unit,
    case when l.unit = 'money' then r.currency end as currency, l.binding
from ledger.limit_outcome l
join ledger.round r on r.round_id = l.round_id;

comment on view report.limits is 'One row per side of each limit of a decision''s policy, with the figure allowed and the figure reached.';
comment on column report.limits.round_id is 'the round';
comment on column report.limits.decision is 'the decision';
comment on column report.limits.position is 'its place in the decision: by name';
comment on column report.limits.limit_name is 'the limit''s name; for each=…, with the value';
comment on column report.limits.side is 'at_least, at_most, count_at_least or count_at_most';
comment on column report.limits.bound is 'the figure that the limit sets; money in major units of currency';
comment on column report.limits.actual is 'the figure reached; money in major units of currency';
comment on column report.limits.unit is 'money, count, or the measure that is weighed';
comment on column report.limits.currency is 'currency of bound and actual where the unit is money';
comment on column report.limits.binding is 'true when not one unit more (or less) would be allowed';
