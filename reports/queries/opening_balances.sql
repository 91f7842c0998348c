-- One row per opening balance, in the order of their ids.
--   $as_of     last day of balances
--   $known_at  UTC time or null: what was written not after it
select opening_id, item, as_of, contribution_id, donor, request_id, commitment_id, implementer, bank, currency, amount, base_amount, file
from report.opening
where as_of <= $as_of and ($known_at::timestamp is null or recorded_at <= $known_at::timestamp)
order by opening_id
