-- Adds the new requests; asks and minimums are converted down to the smallest unit of the book's currency.
--   $on  $recorded_at  $log_id  $base  $places
insert into ledger.request
select
    s.request_id, s.title, s.applicant, s.applicant_kind, coalesce(s.country, ''), s."window", coalesce(s.objectives, ''), s.currency,
    s.amount_requested, coalesce(s.amount_minimum, s.amount_requested),
    case when s.currency = $base then s.amount_requested else ledger.converted_down(s.amount_requested, r.units_per_base, $places::integer) end,
    case when s.currency = $base then coalesce(s.amount_minimum, s.amount_requested)
        else ledger.converted_down(coalesce(s.amount_minimum, s.amount_requested), r.units_per_base, $places::integer) end,
    r.rate_id, s.merit, s.cofinance, s.gender, s.human_rights, s.child, s.oda, s.starts_on, s.ends_on, s.level, s.place, s.implementer,
    s.finance_type, s.cofinance_confirmed, s.continues, s.follow_on, s.content_digest, $on::date, $recorded_at, $log_id
from request_staged s join rate_in_force r on r.currency = s.currency
where s.standing = 'new' order by s.request_id
