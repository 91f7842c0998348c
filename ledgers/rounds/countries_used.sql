-- Freezes what earlier rounds allocated to each country from the contributions with a country share, each part rounded up to a unit.
--   $round_id   $places
insert into ledger.round_country_used
select $round_id, f.contribution_id, c.country, sum(ledger.amount_of(
    (ledger.grains(a.allocated) * c.share_numerator + c.share_denominator * ledger.grains_per_unit($places::integer) - 1)
    // (c.share_denominator * ledger.grains_per_unit($places::integer)) * ledger.grains_per_unit($places::integer)
))
from ledger.round_contribution f
join ledger.contribution_request a using (contribution_id)
join ledger.request_country c using (request_id)
where f.round_id = $round_id and f.country_cap is not null
group by f.contribution_id, c.country order by f.contribution_id, c.country
