-- The requests that may stand in a round as the tables that `eligibility.sql` reads: not funded yet, with their attributes.
--   no parameters
create or replace temp table subject as
select
    r.request_id, r.request_window as "window", trim(r.applicant) as applicant, r.applicant_kind, r.gender, r.human_rights, r.child, r.oda, r.level,
    (r.merit * 10000)::decimal(18, 0) as merit_numerator, case when r.merit is not null then 10000::decimal(18, 0) end as merit_denominator
from ledger.request r
where not exists (select 1 from ledger.contribution_request f where f.request_id = r.request_id)
