-- One row per round that is neither posted nor cancelled: the money that it holds.
--   $on  the day
-- Ordered by opening.
select 'round ' || r.state as what, r.round_id as subject, r.opened_on as since, r.resources as amount, r.currency,
    case r.state when 'open' then 'no decision yet' else d.approvals || ' approval' || case d.approvals when 1 then '' else 's' end || ', not posted' end as detail,
    case r.state when 'open' then 'facility round solve ' else 'facility round post ' end || r.round_id as command
from report.rounds r
left join report.decisions d on d.round_id = r.round_id and d.stands
where r.state in ('open', 'decided') and r.opened_on <= $on
order by r.opened_on, r.round_id
