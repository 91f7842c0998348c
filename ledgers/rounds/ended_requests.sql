-- The requests of a round whose expenditure ends before the round's date: at most a few, in order of id, with how many there are.
--   $round_id
select f.request_id, q.ends_on, count(*) over () as ended
from ledger.round_request f join ledger.request q using (request_id) join ledger.round r using (round_id)
where f.round_id = $round_id and q.ends_on < r.opened_on
order by f.request_id limit 3
