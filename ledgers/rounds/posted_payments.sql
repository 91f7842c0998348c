-- Every payment of a posted round, by year where the decision tells years apart, with the terms frozen for it, the first and the last day of
-- the expenditure that it is for, and the attributes that terms ask about. In order of round and request.
select
    r.opened_on, p.round_id, p.contribution_id, p.request_id, f.earmark, f.use_by, s.spend_from, s.spend_to,
    case when y.year is null then coalesce(q.starts_on, r.opened_on) else greatest(q.starts_on, make_date(y.year, 1, 1)) end as first_day,
    case when y.year is null then coalesce(q.ends_on, r.opened_on) else least(q.ends_on, make_date(y.year, 12, 31)) end as last_day,
    q.request_window, q.country, q.objectives, q.applicant, q.applicant_kind, q.gender, q.human_rights, q.child, q.oda, q.level, w.merit
from ledger.round_state t
join ledger.payment p on p.round_id = t.round_id and p.decision = t.decision
join ledger.round r on r.round_id = p.round_id
join ledger.round_contribution f on f.round_id = p.round_id and f.contribution_id = p.contribution_id
join ledger.round_request w on w.round_id = p.round_id and w.request_id = p.request_id
join ledger.request q on q.request_id = p.request_id
left join ledger.contribution_span s on s.contribution_id = f.contribution_id and s.version = f.version
left join ledger.payment_year y on y.round_id = p.round_id and y.decision = p.decision and y.request_id = p.request_id and y.contribution_id = p.contribution_id
where t.state = 'posted'
order by p.round_id, p.request_id, p.contribution_id, y.year
