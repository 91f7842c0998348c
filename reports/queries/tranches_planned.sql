-- One row per tranche of an agreement with money committed and not disbursed: what of it is planned and has not gone out.
--   $as_of     last day of disbursement
--   $known_at  UTC time or null: what was written not after it
-- Ordered by agreement, then tranche.
with gone as (
    select m.commitment_id, m.tranche, sum(m.base_amount) as amount
    from report.movements m
    left join report.postings b on b.entry_id = m.taken_back_by and b.line = 1
    where m.kind = 'disbursement' and m.tranche is not null
        and m.entry_date <= $as_of and ($known_at::timestamp is null or m.recorded_at <= $known_at::timestamp)
        and (b.entry_id is null or b.entry_date > $as_of or b.recorded_at > $known_at::timestamp)
    group by m.commitment_id, m.tranche
)
select t.commitment_id, t.implementer, t.tranche, t.due_on, t.condition, case when t.met_on <= $as_of then t.met_on end as met_on,
    greatest(t.amount - coalesce(g.amount, 0), 0) as planned
from report.tranches t
left join gone g on g.commitment_id = t.commitment_id and g.tranche = t.tranche
order by t.commitment_id, t.tranche
