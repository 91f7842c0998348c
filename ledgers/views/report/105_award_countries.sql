-- One row per (decision, request, country). Each payment of an award is cut by the request's declared shares by running totals in whole
-- smallest units, as joint_account cuts allocations, so that both give the same amounts and the parts sum to the award.
create or replace view report.award_countries as
with book as (
    select s.value as currency, case c.places when 0 then 10000 when 1 then 1000 when 2 then 100 when 3 then 10 else 1 end::hugeint as unit
    from ledger.setting s
    join ledger.currency c on c.currency = s.value
    where s.name = 'currency'
),
place as (
    select request_id, country, share_numerator::hugeint * (1000000000000 // share_denominator)::hugeint as weight from ledger.request_country
    union all
    select q.request_id, case when q.country = '' then null else q.country end, 1000000000000::hugeint
    from ledger.request q
    left join ledger.request_country c on c.request_id = q.request_id
    where c.request_id is null
),
cell as (
    select
        request_id, country, weight,
        sum(weight) over (partition by request_id order by country nulls last rows between unbounded preceding and current row) as upto,
        sum(weight) over (partition by request_id) as whole
    from place
),
paid as (
    select round_id, decision, stands, request_id, currency, (amount::decimal(38, 4) * 10000)::hugeint as amount
    from report.award_payments
),
part as (
    select
        paid.round_id, paid.decision, paid.stands, paid.request_id, cell.country, paid.currency, book.unit,
        sum((amount // unit * upto) // whole - (amount // unit * (upto - weight)) // whole) as units
    from paid
    join cell on cell.request_id = paid.request_id
    cross join book
    group by paid.round_id, paid.decision, paid.stands, paid.request_id, cell.country, paid.currency, book.unit
)
select
    part.round_id, part.decision, part.stands, part.request_id, q.request_window, part.country, coalesce(k.name, g.name) as country_name,
    part.currency, ((part.units * part.unit)::decimal(38, 0) * 0.0001::decimal(5, 4))::decimal(38, 4) as amount
from part
join ledger.request q on q.request_id = part.request_id
left join ledger.country k on k.country = part.country
left join ledger.region g on g.region = part.country;

comment on view report.award_countries is 'One row per award of a decision and country of its request: the award split by the request''s declared shares to the smallest unit, payment by payment; the parts sum exactly.';
comment on column report.award_countries.round_id is 'the round';
comment on column report.award_countries.decision is 'the decision''s digest';
comment on column report.award_countries.stands is 'whether the decision stands: posted, or the last one of a round still open';
comment on column report.award_countries.request_id is 'the request awarded';
comment on column report.award_countries.request_window is 'window (`window` is a reserved word in SQL)';
comment on column report.award_countries.country is 'ISO 3166 alpha-3, a UN M49 region for a regional request, empty for a global one';
comment on column report.award_countries.country_name is 'name of the country or region, where it is one';
comment on column report.award_countries.currency is 'currency of amount';
comment on column report.award_countries.amount is 'this country''s part of the award';
