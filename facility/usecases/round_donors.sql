-- The donors whose money a round froze, by amount.
--   $round_id
select donor from ledger.round_contribution where round_id = $round_id group by donor order by sum(available) desc, donor
