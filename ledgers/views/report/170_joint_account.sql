-- One row per amount and cell; a cell is a request's (country, objective). Shares are cut by running totals in whole smallest units:
-- each part is the rounded running total less the one before it, so the parts sum to the amount whatever the rounding.
create or replace view report.joint_account as
with recursive root as (
    select request_id, request_id as root_id from ledger.request where coalesce(continues, '') = ''
    union all
    select q.request_id, root.root_id from ledger.request q join root on root.request_id = q.continues
),
book as (
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
aim as (
    select request_id, objective from ledger.request_objective
    union all
    select q.request_id, null
    from ledger.request q
    left join ledger.request_objective o on o.request_id = q.request_id
    where o.request_id is null
),
cell as (
    select
        place.request_id, place.country, aim.objective, place.weight,
        sum(place.weight) over (partition by place.request_id order by place.country nulls last, aim.objective nulls last
            rows between unbounded preceding and current row) as upto,
        sum(place.weight) over (partition by place.request_id) as whole
    from place
    join aim on aim.request_id = place.request_id
),
demand as (
    select
        request_id, base_requested + case when base_cofinance > base_cofinance_confirmed then base_cofinance else base_cofinance_confirmed end as required,
        case when cofinance_confirmed is null then base_cofinance else base_cofinance_confirmed end as available,
        requested_on, recorded_at
    from report.requests
    where coalesce(continues, '') = ''
),
amounts as (
    select
        request_id, cast(null as varchar) as contribution_id, cast(null as bigint) as entry_id, requested_on as entry_date, recorded_at,
        (required::decimal(38, 4) * 10000)::hugeint as required, (available::decimal(38, 4) * 10000)::hugeint as available, 0::hugeint as allocated
    from demand
    union all
    select
        request_id, contribution_id, entry_id, entry_date, recorded_at, 0, 0, (sum(amount)::decimal(38, 4) * 10000)::hugeint
    from report.postings
    where request_id is not null
        and account in ('budget:allocated', 'budget:allocated-uncollected', 'budget:committed', 'budget:disbursed')
    group by request_id, contribution_id, entry_id, entry_date, recorded_at
    having sum(amount) <> 0
),
part as (
    select
        amounts.request_id, root.root_id, cell.country, cell.objective, amounts.contribution_id, amounts.entry_id, amounts.entry_date,
        amounts.recorded_at, book.currency, book.unit,
        (required // unit * upto) // whole - (required // unit * (upto - weight)) // whole as required,
        (available // unit * upto) // whole - (available // unit * (upto - weight)) // whole as available,
        sign(allocated)::hugeint * ((abs(allocated) // unit * upto) // whole - (abs(allocated) // unit * (upto - weight)) // whole) as allocated
    from amounts
    join root on root.request_id = amounts.request_id
    join cell on cell.request_id = root.root_id
    cross join book
)
select
    part.request_id, q.request_window, part.country, coalesce(c.name, g.name) as country_name, part.objective, o.title as objective_title,
    extract(year from coalesce(q.starts_on, q.requested_on))::integer as year, part.contribution_id, k.donor, k.donor_kind,
    part.entry_id, part.entry_date, part.recorded_at, part.currency,
    ((part.required * part.unit)::decimal(38, 0) * 0.0001::decimal(5, 4))::decimal(38, 4) as required,
    ((part.available * part.unit)::decimal(38, 0) * 0.0001::decimal(5, 4))::decimal(38, 4) as available,
    ((part.allocated * part.unit)::decimal(38, 0) * 0.0001::decimal(5, 4))::decimal(38, 4) as allocated,
    (((part.required - part.available - part.allocated) * part.unit)::decimal(38, 0) * 0.0001::decimal(5, 4))::decimal(38, 4) as gap
from part
join ledger.request q on q.request_id = part.root_id
left join ledger.country c on c.country = part.country
left join ledger.region g on g.region = part.country
left join ledger.objective o on o.objective = part.objective
left join report.contributions k on k.contribution_id = part.contribution_id;

comment on view report.joint_account is 'Required, available, allocated and gap, split so that sums over any of the columns count each amount once. One row per request, country and objective for what is required and available, and one per allocation entry, contribution, country and objective for what is allocated. Countries share by their declared shares, objectives equally, to the smallest unit, and the parts sum exactly. A request that continues another adds nothing to what is required and counts under the first one''s window, country, objective and year.';
comment on column report.joint_account.request_id is 'the request that the amount belongs to';
comment on column report.joint_account.request_window is 'window (`window` is a reserved word in SQL)';
comment on column report.joint_account.country is 'ISO 3166 alpha-3, a UN M49 region for a regional request, empty for a global one';
comment on column report.joint_account.country_name is 'name of the country or region, where it is one';
comment on column report.joint_account.objective is 'objective of the Global Compact, empty where none is named';
comment on column report.joint_account.objective_title is 'its short title';
comment on column report.joint_account.year is 'year in which the request''s work starts or, without a start, in which it was made';
comment on column report.joint_account.contribution_id is 'the contribution that pays; empty on the rows of what is required and available';
comment on column report.joint_account.donor is 'the donor behind it';
comment on column report.joint_account.donor_kind is 'the donor''s kind; empty on the rows of what is required and available';
comment on column report.joint_account.entry_id is 'the allocation''s entry, or the release''s';
comment on column report.joint_account.entry_date is 'day of the allocation or release; day the request entered the book on the other rows';
comment on column report.joint_account.recorded_at is 'when it was written to the book, UTC';
comment on column report.joint_account.currency is 'currency of the amounts, that of the book';
comment on column report.joint_account.required is 'this part of what the request needs in all: the ask and the co-finance reported with it';
comment on column report.joint_account.available is 'this part of the money of others: confirmed co-finance or, where none is stated, the co-finance reported';
comment on column report.joint_account.allocated is 'this part of what the facility has allocated, net of releases';
comment on column report.joint_account.gap is 'required less available less allocated, for sums: on single rows it may be negative';
