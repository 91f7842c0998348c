-- One row per (request, reviewer, criterion).
create or replace view report.scores as
select
    s.request_id, s.reviewer, s.criterion, s.score,
    exists (select 1 from ledger.recusal k where k.request_id = s.request_id and lower(k.reviewer) = lower(s.reviewer)) as is_recused,
    l.recorded_at, s.log_id
from ledger.score s
left join ledger.log l on l.log_id = s.log_id;

comment on view report.scores is 'One row per score that a reviewer gave a request on one criterion.';
comment on column report.scores.request_id is 'the request';
comment on column report.scores.reviewer is 'who scored';
comment on column report.scores.criterion is 'what was scored; the policy gives its weight';
comment on column report.scores.score is 'the score, 0 to 100';
comment on column report.scores.is_recused is 'whether the reviewer has recused themselves on the request: the score does not count in rounds opened after that';
comment on column report.scores.recorded_at is 'when it was written to the book, UTC';
comment on column report.scores.log_id is 'the write that brought it, in report.log';
