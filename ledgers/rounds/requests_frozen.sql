-- One row a request selected for a round: what it asks, and what its merit is made of.
--   `selected(request_id)`
select r.request_id, r.base_requested, r.base_minimum, r.merit
from ledger.request r join selected using (request_id)
order by r.request_id
