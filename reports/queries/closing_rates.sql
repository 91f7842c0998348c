-- One row per currency that the book holds or is owed at the end of a day: the last rate up to it.
--   $as_of     the day
--   $known_at  UTC time or null: what was written not after it
-- Ordered by currency.
with held as (
    select distinct currency from report.postings
    where currency <> book_currency and (account like 'asset:%' or account like 'liability:%') and entry_date <= $as_of
        and ($known_at::timestamp is null or recorded_at <= $known_at::timestamp)
),
latest as (
    select r.currency, r.rate_date, r.units_per_base, r.source, row_number() over (partition by r.currency order by r.rate_date desc) as place
    from report.rates r
    join held h on h.currency = r.currency
    where r.rate_date <= $as_of and ($known_at::timestamp is null or r.recorded_at <= $known_at::timestamp)
)
select currency, rate_date, units_per_base, source from latest where place = 1 order by currency
