-- The scores that a round's merits are made of: those of its requests that the book had when the round was opened, without those of
-- reviewers recused by then. One row a (request, reviewer, criterion), in that order.
--   $round_id
select s.request_id, s.reviewer, s.criterion, s.score
from ledger.score s
join ledger.round_request f using (request_id)
join ledger.round o on o.round_id = f.round_id and s.log_id <= o.log_id
where f.round_id = $round_id
    and not exists (
        select 1 from ledger.recusal k
        where k.request_id = s.request_id and lower(k.reviewer) = lower(s.reviewer) and k.log_id <= o.log_id
    )
order by s.request_id, s.reviewer, s.criterion
