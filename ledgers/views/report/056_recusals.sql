-- One row per (request, reviewer).
create or replace view report.recusals as
with aside as (
    select k.request_id, k.reviewer, count(*) as scores
    from ledger.recusal k
    join ledger.score s on s.request_id = k.request_id and lower(s.reviewer) = lower(k.reviewer)
    group by k.request_id, k.reviewer
)
select k.request_id, k.reviewer, k.reason, coalesce(aside.scores, 0) as scores_set_aside, l.recorded_at, l.actor as recorded_by, k.log_id
from ledger.recusal k
left join aside on aside.request_id = k.request_id and aside.reviewer = k.reviewer
left join ledger.log l on l.log_id = k.log_id;

comment on view report.recusals is 'One row per reviewer who does not score a request. Scores that they gave it all the same do not count in rounds opened afterwards.';
comment on column report.recusals.request_id is 'the request';
comment on column report.recusals.reviewer is 'who is recused';
comment on column report.recusals.reason is 'why, where given';
comment on column report.recusals.scores_set_aside is 'how many scores the reviewer gave the request that do not count';
comment on column report.recusals.recorded_at is 'when it was written to the book, UTC';
comment on column report.recusals.recorded_by is 'who wrote it';
comment on column report.recusals.log_id is 'the write that brought it, in report.log';
