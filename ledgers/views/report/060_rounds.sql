-- One row per round.
create or replace view report.rounds as
with frozen as (
    select round_id, count(*) as contributions, sum(available) as resources from ledger.round_contribution group by round_id
),
asked as (
    select round_id, count(*) as requests, sum(base_requested) as requested from ledger.round_request group by round_id
),
decided as (
    select round_id, count(*) as decisions from ledger.decision group by round_id
)
select
    r.round_id,
    case when posted.round_id is not null then 'posted' when cancelled.round_id is not null then 'cancelled'
        when decided.round_id is not null then 'decided' else 'open' end as state,
    r.opened_on, r.opened_by, r.currency, coalesce(frozen.contributions, 0) as contributions,
    coalesce(frozen.resources, 0)::decimal(38, 4) as resources, coalesce(asked.requests, 0) as requests,
    coalesce(asked.requested, 0)::decimal(38, 4) as requested, coalesce(decided.decisions, 0) as decisions,
    posted.decision as decision_posted, posted.event_date as posted_on, posted.actor as posted_by,
    cancelled.event_date as cancelled_on, cancelled.actor as cancelled_by, r.contributions_filter, r.requests_filter, r.policy,
    r.policy_digest, r.recorded_at
from ledger.round r
left join frozen on frozen.round_id = r.round_id
left join asked on asked.round_id = r.round_id
left join decided on decided.round_id = r.round_id
left join ledger.round_event posted on posted.round_id = r.round_id and posted.event = 'posted'
left join ledger.round_event cancelled on cancelled.round_id = r.round_id and cancelled.event = 'cancelled';

comment on view report.rounds is 'One row per round, with its state and what it froze.';
comment on column report.rounds.round_id is 'the round';
comment on column report.rounds.state is 'open (no decision yet), decided, posted or cancelled';
comment on column report.rounds.opened_on is 'the round''s date, on which country groups are read';
comment on column report.rounds.opened_by is 'who opened it';
comment on column report.rounds.currency is 'the round''s currency, that of the book';
comment on column report.rounds.contributions is 'how many contributions it froze';
comment on column report.rounds.resources is 'what they had available, before the policy''s reserve, in currency';
comment on column report.rounds.requests is 'how many requests it froze';
comment on column report.rounds.requested is 'what they ask for together, in currency';
comment on column report.rounds.decisions is 'how many decisions were solved for it';
comment on column report.rounds.decision_posted is 'digest of the decision that was posted';
comment on column report.rounds.posted_on is 'day of posting';
comment on column report.rounds.posted_by is 'who posted';
comment on column report.rounds.cancelled_on is 'day it was cancelled';
comment on column report.rounds.cancelled_by is 'who cancelled';
comment on column report.rounds.contributions_filter is 'terms that chose the contributions';
comment on column report.rounds.requests_filter is 'terms that chose the requests';
comment on column report.rounds.policy is 'the policy''s text, TOML';
comment on column report.rounds.policy_digest is 'SHA-256 of the policy''s meaning: its layout and comments do not count';
comment on column report.rounds.recorded_at is 'when it was opened in the book, UTC';
