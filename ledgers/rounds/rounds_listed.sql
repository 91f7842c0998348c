-- One row a round: when it was opened, how it stands, what it holds, how many requests and decisions it has. In order of opening.
select
    r.round_id, r.opened_on, s.state,
    case when s.state = 'open' then (select sum(h.available) from ledger.round_contribution h where h.round_id = r.round_id) end as held,
    (select count(*) from ledger.round_request q where q.round_id = r.round_id) as requests,
    (select count(*) from ledger.decision d where d.round_id = r.round_id) as decisions
from ledger.round r join ledger.round_state s using (round_id)
order by r.opened_on, r.log_id
