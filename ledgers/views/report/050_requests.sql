-- One row per request. Co-finance is converted at the request's own rate, half away from zero, in whole ten-thousandths.
create or replace view report.requests as
with allocated as (
    select
        request_id,
        sum(case when account in ('budget:allocated', 'budget:allocated-uncollected', 'budget:committed', 'budget:disbursed')
            then amount else 0 end) as allocated,
        sum(case when account = 'budget:disbursed' then amount else 0 end) as disbursed
    from report.postings
    where request_id is not null
    group by request_id
),
book as (
    select s.value as currency, case c.places when 0 then 10000 when 1 then 1000 when 2 then 100 when 3 then 10 else 1 end as unit
    from ledger.setting s
    join ledger.currency c on c.currency = s.value
    where s.name = 'currency'
),
cofinance as (
    select
        q.request_id, book.currency as book_currency, book.unit,
        (coalesce(q.cofinance, 0)::decimal(38, 4) * 10000)::hugeint as planned,
        (coalesce(q.cofinance_confirmed, 0)::decimal(38, 4) * 10000)::hugeint as confirmed,
        (r.units_per_base::decimal(38, 8) * 100000000)::hugeint as units, r.rate_date, r.units_per_base
    from ledger.request q
    cross join book
    left join ledger.rate r on r.rate_id = q.rate_id
),
converted as (
    select
        request_id, book_currency, rate_date, units_per_base,
        case when units is null then planned
            else ((2 * planned * 100000000 + units * unit) // (2 * units * unit)) * unit end as planned,
        case when units is null then confirmed
            else ((2 * confirmed * 100000000 + units * unit) // (2 * units * unit)) * unit end as confirmed
    from cofinance
)
select
    q.request_id, q.title, q.applicant, q.applicant_kind, q.country, coalesce(k.name, g.name) as country_name, q.request_window, q.objectives,
    q.merit, q.currency,
    q.amount_requested, q.amount_minimum, f.book_currency, q.base_requested, q.base_minimum, f.rate_date, f.units_per_base,
    (f.planned::decimal(38, 0) * 0.0001::decimal(5, 4))::decimal(38, 4) as base_cofinance,
    (f.confirmed::decimal(38, 0) * 0.0001::decimal(5, 4))::decimal(38, 4) as base_cofinance_confirmed,
    coalesce(a.allocated, 0)::decimal(38, 4) as allocated, coalesce(a.disbursed, 0)::decimal(38, 4) as disbursed,
    case when coalesce(a.allocated, 0) <= 0 then 'unfunded' when a.allocated < q.base_requested then 'partly funded' else 'funded' end as state,
    q.gender, q.human_rights, q.child, q.oda, q.starts_on, q.ends_on, q.level, q.place, q.implementer, q.finance_type,
    q.cofinance, q.cofinance_confirmed, q.continues, q.follow_on, q.requested_on, q.recorded_at
from ledger.request q
join converted f on f.request_id = q.request_id
left join allocated a on a.request_id = q.request_id
left join ledger.country k on k.country = q.country
left join ledger.region g on g.region = q.country;

comment on view report.requests is 'One row per request: an applicant''s ask, with what has been allocated to it. The column request_window is INTERFACE''s `window`, a reserved word in SQL.';
comment on column report.requests.request_id is 'the request';
comment on column report.requests.title is 'its title';
comment on column report.requests.applicant is 'who asks';
comment on column report.requests.applicant_kind is 'kind of applicant, such as city or ngo';
comment on column report.requests.country is 'country, shares such as KEN:60|UGA:40, a UN M49 region, or empty for a global request';
comment on column report.requests.country_name is 'name of the country or region, where it is one';
comment on column report.requests.request_window is 'window: integration, institutions or diaspora (`window` is a reserved word in SQL)';
comment on column report.requests.objectives is 'the Global Compact''s objectives it serves, separated by |';
comment on column report.requests.merit is 'merit from the request file, 0 to 100; a round freezes its own';
comment on column report.requests.currency is 'currency of the ask';
comment on column report.requests.amount_requested is 'the ask, in currency';
comment on column report.requests.amount_minimum is 'the smallest useful amount, in currency; equal to the ask means all or nothing';
comment on column report.requests.book_currency is 'the book''s currency';
comment on column report.requests.base_requested is 'the ask in the book''s currency, rounded down to the unit';
comment on column report.requests.base_minimum is 'the smallest useful amount in the book''s currency';
comment on column report.requests.rate_date is 'date of the rate used, where the currencies differ';
comment on column report.requests.units_per_base is 'units of currency per one unit of the book''s currency at that rate';
comment on column report.requests.base_cofinance is 'money of others that the applicant reports, book currency';
comment on column report.requests.base_cofinance_confirmed is 'the part of it that the applicant calls confirmed, book currency';
comment on column report.requests.allocated is 'reserved for it in the book, net of releases, book currency';
comment on column report.requests.disbursed is 'cash transferred for it, book currency; part of allocated';
comment on column report.requests.state is 'unfunded, partly funded or funded, by what is allocated against the ask';
comment on column report.requests.gender is 'gender marker, 0 to 3';
comment on column report.requests.human_rights is 'human rights marker, 0 to 3';
comment on column report.requests.child is 'child marker, 0 to 3';
comment on column report.requests.oda is 'whether it counts as official development assistance';
comment on column report.requests.starts_on is 'planned first day';
comment on column report.requests.ends_on is 'planned last day';
comment on column report.requests.level is 'local, national, regional or global';
comment on column report.requests.place is 'place in words';
comment on column report.requests.implementer is 'who would carry it out, where not the applicant';
comment on column report.requests.finance_type is 'grant; others are refused for now';
comment on column report.requests.cofinance is 'money of others that the applicant reports, in currency';
comment on column report.requests.cofinance_confirmed is 'the part of it that is confirmed, in currency';
comment on column report.requests.continues is 'the partly funded request whose remainder this one asks for';
comment on column report.requests.follow_on is 'the request that this one follows';
comment on column report.requests.requested_on is 'day it entered the book';
comment on column report.requests.recorded_at is 'when it was written to the book, UTC';
