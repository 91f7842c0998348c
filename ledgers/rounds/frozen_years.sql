-- What of a round's asks is spent in each year, as frozen.
--   $round_id
select request_id, year, base_amount from ledger.round_request_year where round_id = $round_id order by request_id, year
