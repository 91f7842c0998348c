-- The contributions of a round as frozen; the days that they may pay are those of the version frozen.
--   $round_id
select f.contribution_id, f.donor, f.available, f.earmark, f.use_by, f.country_cap, s.spend_from, s.spend_to
from ledger.round_contribution f left join ledger.contribution_span s using (contribution_id, version)
where f.round_id = $round_id order by f.contribution_id
