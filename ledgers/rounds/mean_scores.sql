-- One row a (request, criterion) scored: the sum of the reviewers' scores and their number; the mean is their exact ratio.
--   `selected(request_id)`
select s.request_id, s.criterion, sum(s.score) as total, count(*) as reviewers
from ledger.score s join selected using (request_id)
group by s.request_id, s.criterion order by s.request_id, s.criterion
