-- No contribution has given a country more than its country share, over all rounds. Exact: both sides are multiplied by the shares' common
-- product. One row a breach.
with unit as (
    select 4 - places + (places = 0)::integer as idle, ledger.grains_per_unit(places) as grains
    from ledger.currency join ledger.setting s on s.name = 'currency' and s.value = currency
),
cap as (
    select contribution_id, idle, ledger.grains(base_amount) * (country_share_max * 1000000)::hugeint // (1000000 * grains) * grains as room
    from ledger.contribution_now cross join unit where country_share_max is not null
)
select c.contribution_id || ' has given ' || k.country || ' more than ' || substr(ledger.amount_of(c.room)::varchar, 1, length(ledger.amount_of(c.room)::varchar) - c.idle)
    as finding
from cap c join ledger.contribution_request a using (contribution_id) join ledger.request_country k using (request_id)
group by c.contribution_id, c.room, c.idle, k.country
having sum(ledger.grains(a.allocated) * k.share_numerator * (1000000000000 // k.share_denominator)) > c.room * 1000000000000
order by finding
