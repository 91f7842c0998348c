-- How the reviewers of each request scored it, to tell how far they disagree: of the scores that the round's merits are made of, so
-- without those given later and those of reviewers recused when it was opened.
--   $round_id
-- One row a (request, criterion) of the round: reviewers, sum of their scores, sum of the squares.
select s.request_id, s.criterion, count(*) as reviewers, sum(s.score) as total, sum(s.score * s.score) as squares
from ledger.score s
join ledger.round_request r on r.request_id = s.request_id and r.round_id = $round_id
join ledger.round o on o.round_id = r.round_id and s.log_id <= o.log_id
where not exists (
    select 1 from ledger.recusal k
    where k.request_id = s.request_id and lower(k.reviewer) = lower(s.reviewer) and k.log_id <= o.log_id
)
group by s.request_id, s.criterion
order by s.request_id, s.criterion
