-- Indirect cost is within what the agreement allows of direct cost, over all reports that stand, unless the rule was ever set aside for the agreement. Both in the book's
-- currency. One row an agreement.
with cost as (
    select m.commitment_id, sum(x.base_direct) as direct, sum(x.base_indirect) as indirect
    from ledger.expenditure x join ledger.movement m using (entry_id)
    where not exists (select 1 from ledger.reversal r where r.reversed_entry_id = x.entry_id) group by m.commitment_id
)
select 'indirect cost of ' || commitment_id || ' is ' || k.indirect || ' on direct cost of ' || k.direct as finding
from cost k join ledger.commitment_now c using (commitment_id)
where k.indirect > k.direct * c.indirect_max
    and not exists (select 1 from ledger.grant_override o where o.commitment_id = k.commitment_id and o.rule = 'indirect-cost')
order by finding
