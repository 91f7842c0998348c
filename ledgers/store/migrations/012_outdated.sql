-- One row per decision that was made under other overrides than those that stand now. An override that was lifted again
-- leaves the decisions made before it as they were.
create view ledger.outdated_decision as
with said as (
    select
        d.round_id, d.decision,
        arg_max({'is_lifted': o.is_lifted, 'says': {'least': o.least, 'most': o.most, 'by': o.decided_by, 'why': o.reason}}, o.position)
            filter (where o.log_id < d.log_id) as before,
        arg_max({'is_lifted': o.is_lifted, 'says': {'least': o.least, 'most': o.most, 'by': o.decided_by, 'why': o.reason}}, o.position) as now
    from ledger.decision d
    join ledger.round_override o on o.round_id = d.round_id
    group by d.round_id, d.decision, o.request_id
)
select distinct round_id, decision
from said
where case when before is null or before.is_lifted then null else before.says end
    is distinct from case when now.is_lifted then null else now.says end;
