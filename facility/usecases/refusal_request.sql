-- What a request calls itself and who asks.
--   $request_id
-- One row: title (may be empty), applicant.
select coalesce(title, '') as title, applicant from ledger.request where request_id = $request_id order by request_id
