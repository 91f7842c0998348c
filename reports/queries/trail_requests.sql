-- One row per entry and request that its postings name.
--   $entry_ids  list of the entries' numbers
-- Ordered by entry and request.
with named as (
    select distinct entry_id, request_id
    from report.entry_lines
    where entry_id in (select unnest($entry_ids::bigint[])) and request_id is not null
)
select
    n.entry_id, q.request_id, q.title, q.applicant, q.applicant_kind, q.country, q.country_name, q.request_window, q.currency, q.amount_requested,
    q.requested_on
from named n
join report.requests q on q.request_id = n.request_id
order by n.entry_id, q.request_id
