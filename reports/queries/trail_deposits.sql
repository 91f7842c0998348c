-- One row per entry and deposit behind it: of a deposit's entry, that deposit; of any other, what had been received on its contributions by its day
-- and was written before it.
--   $entry_ids  list of the entries' numbers
-- Ordered by entry, day and deposit.
with named as (
    select distinct p.entry_id, p.contribution_id, e.entry_date, e.recorded_at
    from report.entry_lines p
    join report.entries e on e.entry_id = p.entry_id
    where p.entry_id in (select unnest($entry_ids::bigint[])) and p.contribution_id is not null
),
own as (
    select distinct entry_id from report.deposits where entry_id in (select unnest($entry_ids::bigint[]))
)
select
    n.entry_id, d.deposit_id, d.contribution_id, d.received_on, d.currency, d.amount, d.book_currency, d.base_amount, d.rate_date, d.units_per_base,
    d.unapplied_amount
from named n
join report.deposits d on d.contribution_id = n.contribution_id
left join own on own.entry_id = n.entry_id
where d.entry_id = n.entry_id or (own.entry_id is null and d.received_on <= n.entry_date and d.recorded_at <= n.recorded_at)
order by n.entry_id, d.received_on, d.deposit_id, d.contribution_id
