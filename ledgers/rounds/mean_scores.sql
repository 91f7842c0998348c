-- One row a (request, criterion) scored: the sum of the reviewers' scores, their number, and how many more do not count because their
-- reviewers have recused themselves; the mean is the exact ratio of sum and number.
--   `selected(request_id)`
select s.request_id, s.criterion, coalesce(sum(s.score) filter (k.request_id is null), 0) as total, count(*) filter (k.request_id is null) as reviewers,
    count(k.request_id) as recused
from ledger.score s join selected using (request_id)
left join ledger.recusal k on k.request_id = s.request_id and lower(k.reviewer) = lower(s.reviewer)
group by s.request_id, s.criterion order by s.request_id, s.criterion
