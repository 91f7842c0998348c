-- What earlier rounds had allocated to a country from a contribution when the round was frozen.
--   $round_id
select contribution_id, country, used from ledger.round_country_used where round_id = $round_id order by contribution_id, country
