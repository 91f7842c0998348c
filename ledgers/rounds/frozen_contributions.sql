-- The contributions of a round as frozen.
--   $round_id
select contribution_id, donor, available, earmark, use_by, country_cap from ledger.round_contribution where round_id = $round_id order by contribution_id
