-- One row per rule that is set aside today: of a grant agreement, or of a request in a round that is not ended.
--   $on  the day
-- Ordered by the first day.
select 'rule set aside' as what, commitment_id as subject, decided_on as since, null::decimal(38, 4) as amount, null::varchar as currency,
    rule || ' until ' || valid_until || ', by ' || decided_by || ': ' || reason as detail, 'nothing to do: it ends on that day' as command
from report.grant_decisions
where decision = 'rule set aside' and $on between decided_on and valid_until
union all
select 'request decided by hand', o.round_id || ' ' || o.request_id, o.event_date, o.most, o.currency, 'by ' || o.decided_by || ': ' || o.reason,
    'facility round overrides ' || o.round_id
from report.round_overrides o
join report.rounds r on r.round_id = o.round_id
where o.stands and r.state in ('open', 'decided') and o.event_date <= $on
order by 3, 2
