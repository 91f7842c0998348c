-- What each contribution has on those balances, by chain and id: chain, contribution, units.
--   $places  of the book's currency
select chain, contribution_id, (balance // ledger.grains_per_unit($places::integer))::varchar as units from movement_balance where contributions > 1 order by chain, contribution_id
