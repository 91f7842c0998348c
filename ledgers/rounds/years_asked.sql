-- What of each ask selected for a round is spent in each year, in the request's currency, with the frozen ask in the book's.
--   `selected(request_id)`
select y.request_id, y.year, ledger.grains(y.amount) as grains, r.base_requested
from ledger.request_year_now y join selected using (request_id) join ledger.request r using (request_id)
order by y.request_id, y.year
