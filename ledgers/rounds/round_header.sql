-- The round named, and the day on which it was cancelled or posted: at most one row.
--   $round_id
select r.round_id, r.opened_on, r.currency, r.policy, r.policy_digest, r.requests_filter, r.contributions_filter, r.opened_by, s.state, s.decision as posted_decision,
    (select e.event_date from ledger.round_event e where e.round_id = r.round_id and e.event in ('cancelled', 'posted')) as ended_on
from ledger.round r join ledger.round_state s using (round_id) where r.round_id = $round_id
