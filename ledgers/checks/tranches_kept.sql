-- No more goes out on a tranche than is planned, and no more is planned than is agreed; what was taken back does not count. One row a breach.
with gone as (
    select m.commitment_id, m.tranche, sum(m.base_amount) as amount from ledger.movement m
    where m.kind = 'disbursement' and m.tranche is not null and not exists (select 1 from ledger.reversal r where r.reversed_entry_id = m.entry_id)
    group by m.commitment_id, m.tranche
)
select 'tranche ' || g.tranche || ' of ' || g.commitment_id || ' is ' || coalesce(t.amount, 0) || ', and ' || g.amount || ' went out' as finding
from gone g left join ledger.tranche t using (commitment_id, tranche) where g.amount > coalesce(t.amount, 0)
union all
select 'the tranches of ' || t.commitment_id || ' come to ' || sum(t.amount) || ', and the agreement to ' || coalesce(any_value(c.amount), 0)
from ledger.tranche t left join ledger.commitment_now c using (commitment_id) group by t.commitment_id having sum(t.amount) > coalesce(any_value(c.amount), 0)
order by finding
