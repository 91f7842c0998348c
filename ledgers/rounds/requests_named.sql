-- Which of the requests named the book knows, and what they have allocated net of releases: one row each, in order of id.
--   $ids  folded as `lower()` does
--   $round_id  count only what was posted before this round was opened, so that its frozen problem never changes; null: everything
-- `allocated` is null when nothing is allocated, or what was is released whole; the rule is that of `requests_asked.sql`.
with part as (
    select p.contribution_id, p.request_id, sum(p.amount) as allocated
    from ledger.posting p join ledger.entry e using (entry_id)
    where p.account in ('budget:allocated', 'budget:allocated-uncollected', 'budget:committed', 'budget:disbursed') and lower(p.request_id) in (select unnest($ids::varchar[]))
        and ($round_id::varchar is null or e.log_id < (select o.log_id from ledger.round o where o.round_id = $round_id::varchar))
    group by p.contribution_id, p.request_id having sum(p.amount) <> 0
)
select r.request_id, (select sum(part.allocated) from part where part.request_id = r.request_id) as allocated
from ledger.request r where lower(r.request_id) in (select unnest($ids::varchar[]))
order by r.request_id
