-- Adds those movements to the batch.
insert into entry_in by name
select m.* replace (
    (select max(entry_id) from entry_in) + row_number() over (order by r.reference) as entry_id,
    'expenditure-replaced' as kind, r.reference as reference, r.amount as base_amount, r.amount as amount, m.movement_id || ' replaces' as movement_id,
    'provisional expenditure ' || s.replaces || ' on ' || m.commitment_id || ' replaced by ' || m.movement_id as narration)
from entry_in m join staged s on s.expenditure_id = m.movement_id
join (select reference, by_reference, sum(amount) as amount from movement_replaced group by reference, by_reference) r on r.by_reference = m.reference;

insert into movement_fixed select reference, contribution_id, amount from movement_replaced;
