-- One row: what a round's requests ask together, how many countries and areas they are in, how many donors its money comes from.
--   $round_id
select
    (select sum(base_requested) from ledger.round_request where round_id = $round_id)::decimal(18, 2) as asked,
    (select count(distinct q.country) from ledger.round_request f join ledger.request q using (request_id) where f.round_id = $round_id) as countries,
    (select count(distinct donor) from ledger.round_contribution where round_id = $round_id) as donors
