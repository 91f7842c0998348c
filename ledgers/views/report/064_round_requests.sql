-- One row per (round, request). The frozen merit is an exact fraction; here it is rounded to six places, half up.
create or replace view report.round_requests as
with frozen as (
    select
        round_id, request_id, base_requested, base_minimum, split_part(merit, '/', 1)::hugeint as points,
        coalesce(nullif(split_part(merit, '/', 2), ''), '1')::hugeint as parts
    from ledger.round_request
)
select
    f.round_id, f.request_id, q.title, q.applicant, q.applicant_kind, q.country, coalesce(k.name, g.name) as country_name, q.request_window, q.objectives,
    (((2000000 * f.points + f.parts) // (2 * f.parts))::decimal(38, 0) * 0.000001::decimal(7, 6))::decimal(18, 6) as merit, r.currency,
    f.base_requested, f.base_minimum, coalesce(recused.recusals, 0) as recusals
from frozen f
join ledger.round r on r.round_id = f.round_id
join ledger.request q on q.request_id = f.request_id
left join ledger.country k on k.country = q.country
left join ledger.region g on g.region = q.country
left join (
    select k.request_id, o.round_id, count(*) as recusals
    from ledger.recusal k
    join ledger.round o on k.log_id < o.log_id
    group by k.request_id, o.round_id
) recused on recused.request_id = f.request_id and recused.round_id = f.round_id;

comment on view report.round_requests is 'One row per request that a round froze.';
comment on column report.round_requests.round_id is 'the round';
comment on column report.round_requests.request_id is 'the request';
comment on column report.round_requests.title is 'its title';
comment on column report.round_requests.applicant is 'who asks';
comment on column report.round_requests.applicant_kind is 'kind of applicant';
comment on column report.round_requests.country is 'country, shares, region, or empty for a global request';
comment on column report.round_requests.country_name is 'name of the country or region, where it is one';
comment on column report.round_requests.request_window is 'window (`window` is a reserved word in SQL)';
comment on column report.round_requests.objectives is 'objectives, separated by |';
comment on column report.round_requests.merit is 'merit as the round froze it, rounded to six places';
comment on column report.round_requests.currency is 'currency of the amounts';
comment on column report.round_requests.base_requested is 'the ask as frozen';
comment on column report.round_requests.base_minimum is 'the smallest useful amount as frozen';
comment on column report.round_requests.recusals is 'how many reviewers had recused themselves when the round was opened; their scores are not in its merit';
