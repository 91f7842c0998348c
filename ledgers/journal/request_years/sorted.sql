-- Every staged year of a request with what it asks, and whether all its years are already so: new or already.
create or replace temp table request_year_staged as
with compared as (
    select s.request_id, bool_and(k.amount is not distinct from s.amount) and count(*) = any_value(n.years) as is_same
    from staged s
    left join ledger.request_year_now k using (request_id, year)
    left join (select request_id, count(*) as years from ledger.request_year_now group by request_id) n using (request_id)
    group by s.request_id
)
select s.*, q.currency, q.amount_requested, q.starts_on, q.ends_on, case when c.is_same then 'already' else 'new' end as standing,
    coalesce(v.version, 0) + 1 as next_version
from staged s join compared c using (request_id)
left join ledger.request q using (request_id)
left join (select request_id, max(version) as version from ledger.request_year group by request_id) v using (request_id)
