-- How the reviewers of each request scored it, to tell how far they disagree.
--   $round_id
-- One row a (request, criterion) of the round: reviewers, sum of their scores, sum of the squares.
select s.request_id, s.criterion, count(*) as reviewers, sum(s.score) as total, sum(s.score * s.score) as squares
from ledger.score s
join ledger.round_request r on r.request_id = s.request_id and r.round_id = $round_id
group by s.request_id, s.criterion
order by s.request_id, s.criterion
