-- One row per (contribution, request).
create or replace view report.payments as
with decided as (
    select contribution_id, request_id, sum(amount) as decided
    from report.award_payments
    where stands
    group by contribution_id, request_id
),
frozen as (
    select
        p.contribution_id, p.request_id, p.round_id, p.earmark, p.earmark_class,
        row_number() over (partition by p.contribution_id, p.request_id order by r.opened_on desc, p.round_id desc) as place
    from report.award_payments p
    join ledger.round r on r.round_id = p.round_id
    where p.stands
),
booked as (
    select
        contribution_id, request_id, min(entry_date) as allocated_on,
        sum(case when account in ('budget:allocated', 'budget:allocated-uncollected', 'budget:committed', 'budget:disbursed')
            then amount else 0 end) as allocated,
        sum(case when account = 'budget:disbursed' then amount else 0 end) as disbursed
    from report.postings
    where request_id is not null and contribution_id is not null and account like 'budget:%'
    group by contribution_id, request_id
),
pair as (
    select contribution_id, request_id from decided
    union
    select contribution_id, request_id from booked
)
select
    pair.contribution_id, c.donor, c.donor_kind, coalesce(f.earmark, c.earmark) as earmark,
    coalesce(f.earmark_class, c.earmark_class) as earmark_class, pair.request_id, q.title, q.applicant, q.country,
    coalesce(k.name, g.name) as country_name, q.request_window, q.objectives, f.round_id, c.book_currency, coalesce(decided.decided, 0)::decimal(38, 4) as decided,
    booked.allocated_on, coalesce(booked.allocated, 0)::decimal(38, 4) as allocated,
    coalesce(booked.disbursed, 0)::decimal(38, 4) as disbursed
from pair
left join decided on decided.contribution_id = pair.contribution_id and decided.request_id = pair.request_id
left join frozen f on f.contribution_id = pair.contribution_id and f.request_id = pair.request_id and f.place = 1
left join booked on booked.contribution_id = pair.contribution_id and booked.request_id = pair.request_id
join report.contributions c on c.contribution_id = pair.contribution_id
left join ledger.request q on q.request_id = pair.request_id
left join ledger.country k on k.country = q.country
left join ledger.region g on g.region = q.country;

comment on view report.payments is 'One row per contribution and request that it pays for, by stage: decided, allocated, disbursed. Each stage is part of the way of the same money: never add stages together. Money is commingled; which contribution pays which request is an attribution by the facility''s written rule.';
comment on column report.payments.contribution_id is 'the contribution that pays';
comment on column report.payments.donor is 'the donor behind it';
comment on column report.payments.donor_kind is 'the donor''s kind';
comment on column report.payments.earmark is 'the donor''s restriction as the round froze it; later amendments change nothing here';
comment on column report.payments.earmark_class is 'its class: unearmarked, softly, earmarked or tightly';
comment on column report.payments.request_id is 'the request paid for';
comment on column report.payments.title is 'its title';
comment on column report.payments.applicant is 'who asks';
comment on column report.payments.country is 'its country, shares, region, or empty';
comment on column report.payments.country_name is 'name of the country or region, where it is one';
comment on column report.payments.request_window is 'its window (`window` is a reserved word in SQL)';
comment on column report.payments.objectives is 'its objectives, separated by |';
comment on column report.payments.round_id is 'the last round with a standing decision on this payment';
comment on column report.payments.book_currency is 'currency of the amounts, that of the book';
comment on column report.payments.decided is 'paid in decisions that stand: posted, or the last of a round still open';
comment on column report.payments.allocated_on is 'day of the first allocation in the book';
comment on column report.payments.allocated is 'reserved in the book, net of releases; later stages included';
comment on column report.payments.disbursed is 'cash transferred; part of allocated';
