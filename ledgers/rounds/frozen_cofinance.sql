-- The confirmed co-finance of a round's requests in smallest units of the book's currency, at each request's own rate, half away from zero.
-- One row each that has some.
--   $round_id  $base  $places
select f.request_id,
    case when r.currency = $base then ledger.grains(r.cofinance_confirmed) // ledger.grains_per_unit($places::integer)
        else ledger.half_away(ledger.grains(r.cofinance_confirmed) * 100000000,
            (x.units_per_base::decimal(38, 8) * 100000000)::hugeint * ledger.grains_per_unit($places::integer)) end as cofinance
from ledger.round_request f join ledger.request r using (request_id) left join ledger.rate x on x.rate_id = r.rate_id
where f.round_id = $round_id and r.cofinance_confirmed > 0
order by f.request_id
