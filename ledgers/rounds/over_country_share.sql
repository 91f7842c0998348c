-- The contributions with a country share that a decision would now take past it, because other rounds were posted since. One row each
-- (contribution, country). Exact: shares are ratios, so both sides are multiplied by the shares' common product.
--   $round_id  $decision
with cap as (
    select c.contribution_id, c.country_share_max, c.base_amount
    from ledger.contribution_now c where c.country_share_max is not null
),
drawn as (
    select contribution_id, request_id, amount from ledger.payment where round_id = $round_id and decision = $decision
    union all
    select contribution_id, request_id, allocated from ledger.contribution_request
)
select c.contribution_id, k.country, max(f.country_cap) as room
from cap c join drawn d using (contribution_id) join ledger.request_country k using (request_id)
join ledger.round_contribution f on f.round_id = $round_id and f.contribution_id = c.contribution_id
group by c.contribution_id, k.country
having sum(ledger.grains(d.amount) * k.share_numerator * (1000000000000 // k.share_denominator)) > ledger.grains(max(f.country_cap)) * 1000000000000
order by c.contribution_id, k.country
