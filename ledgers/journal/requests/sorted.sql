-- Every staged request with its digest and what it is to the book: new, already or conflict.
create or replace temp table request_staged as
with content as (
    select *, sha256(concat_ws('|', coalesce(title, ''), applicant, applicant_kind, coalesce(country, ''), "window", coalesce(objectives, ''), currency,
        amount_requested::varchar, coalesce(amount_minimum, amount_requested)::varchar, coalesce(merit::varchar, ''), coalesce(cofinance::varchar, ''),
        coalesce(gender::varchar, ''), coalesce(human_rights::varchar, ''), coalesce(child::varchar, ''), coalesce(oda::varchar, ''),
        coalesce(starts_on::varchar, ''), coalesce(ends_on::varchar, ''), coalesce(level, ''), coalesce(place, ''), coalesce(implementer, ''),
        coalesce(finance_type, ''), coalesce(cofinance_confirmed::varchar, ''), coalesce(continues, ''), coalesce(follow_on, ''), coalesce(measures, ''))) as content_digest
    from staged
)
select s.*,
    case when r.request_id is null then 'new' when r.content_digest = s.content_digest then 'already' else 'conflict' end as standing
from content s left join ledger.request r using (request_id)
