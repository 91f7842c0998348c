-- One row per contribution of a donor and request it pays for, by stage, in the book's currency.
--   $donor_id
--   $as_of     last entry date; decisions of rounds dated later do not count
--   $known_at  UTC time or null: what was written not after it
-- Ordered by the largest first: allocated, then decided.
with decided as (
    select p.contribution_id, p.request_id, sum(p.amount) as decided, arg_max(p.earmark_class, r.opened_on) as earmark_class
    from report.award_payments p
    join report.decisions d on d.round_id = p.round_id and d.decision = p.decision
    join report.rounds r on r.round_id = p.round_id
    where p.stands and r.opened_on <= $as_of and ($known_at::timestamp is null or d.recorded_at <= $known_at::timestamp)
    group by p.contribution_id, p.request_id
),
booked as (
    select
        contribution_id, request_id,
        sum(case when account in ('budget:allocated', 'budget:allocated-uncollected', 'budget:committed', 'budget:disbursed')
            then amount else 0 end) as allocated,
        sum(case when account = 'budget:committed' then amount else 0 end) as committed,
        sum(case when account = 'budget:disbursed' then amount else 0 end) as disbursed,
        sum(case when account in ('expense:programme', 'expense:transfer') then base_amount else 0 end) as spent
    from report.postings
    where request_id is not null and contribution_id is not null
        and (account like 'budget:%' or account in ('expense:programme', 'expense:transfer'))
        and entry_date <= $as_of
        and ($known_at::timestamp is null or recorded_at <= $known_at::timestamp)
    group by contribution_id, request_id
),
pair as (
    select contribution_id, request_id from decided
    union
    select contribution_id, request_id from booked
)
select
    pair.contribution_id, coalesce(decided.earmark_class, c.earmark_class) as earmark_class, pair.request_id, q.title, q.applicant, q.country, q.country_name, q.request_window,
    coalesce(decided.decided, 0) as decided, coalesce(booked.allocated, 0) as allocated, coalesce(booked.committed, 0) as committed,
    coalesce(booked.disbursed, 0) as disbursed, coalesce(booked.spent, 0) as spent
from pair
join report.contributions c on c.contribution_id = pair.contribution_id
join report.requests q on q.request_id = pair.request_id
left join decided on decided.contribution_id = pair.contribution_id and decided.request_id = pair.request_id
left join booked on booked.contribution_id = pair.contribution_id and booked.request_id = pair.request_id
where c.donor_id = $donor_id
order by allocated desc, decided desc, pair.contribution_id, pair.request_id
