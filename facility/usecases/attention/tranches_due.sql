-- One row per tranche that is due and has not gone out: it waits for its condition, or for somebody to disburse it.
--   $on  the day
-- Ordered by the day due.
select case when t.condition is not null and t.met_on is null then 'tranche due, condition unmet' else 'tranche due' end as what,
    t.commitment_id || ' ' || t.tranche as subject, t.due_on as since, t.amount - t.disbursed as amount, t.book_currency as currency,
    coalesce('waits for: ' || t.condition, 'to ' || t.implementer) as detail,
    case when t.condition is not null and t.met_on is null then 'facility grant condition-met ' || t.commitment_id || ' ' || t.tranche || ' --source ...'
        else 'facility grant disburse ' || t.commitment_id || ' --tranche ' || t.tranche || ' --amount ...' end as command
from report.tranches t
join report.commitments k on k.commitment_id = t.commitment_id
where t.due_on <= $on and t.disbursed < t.amount and k.committed > 0 and k.closed_on is null
order by t.due_on, t.commitment_id, t.tranche
