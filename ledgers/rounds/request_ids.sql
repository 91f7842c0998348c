-- Every request's id, in order.
select request_id from ledger.request order by request_id
