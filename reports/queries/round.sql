-- One row: the round.
--   $round_id
select
    round_id, state, opened_on, opened_by, currency, contributions, resources, requests, requested, decision_posted, posted_on,
    posted_by, cancelled_on, cancelled_by, policy, policy_digest, recorded_at
from report.rounds
where round_id = $round_id
