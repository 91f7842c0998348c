-- The numeric x_… columns of a round's requests.
--   $round_id
select m.request_id, m.measure, m.value from ledger.request_measure m join ledger.round_request f using (request_id)
where f.round_id = $round_id order by m.request_id, m.measure
