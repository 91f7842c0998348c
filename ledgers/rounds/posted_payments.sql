-- Every payment of a posted round with the terms frozen for it and the attributes that terms ask about. In order of round and request.
select
    r.opened_on, p.round_id, p.contribution_id, p.request_id, f.earmark, f.use_by, q.ends_on, q.request_window, q.country, q.objectives, q.applicant, q.applicant_kind,
    q.gender, q.human_rights, q.child, q.oda, q.level, w.merit
from ledger.round_state s
join ledger.payment p on p.round_id = s.round_id and p.decision = s.decision
join ledger.round r on r.round_id = p.round_id
join ledger.round_contribution f on f.round_id = p.round_id and f.contribution_id = p.contribution_id
join ledger.round_request w on w.round_id = p.round_id and w.request_id = p.request_id
join ledger.request q on q.request_id = p.request_id
where s.state = 'posted'
order by p.round_id, p.request_id, p.contribution_id
