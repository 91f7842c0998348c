-- Adds what the new expenditures say beside their money.
--   $places  of the book's currency    $log_id
insert into ledger.expenditure
select e.entry_id, s.spent_from, s.spent_to, s.status,
    ledger.portion(m.base_amount, ledger.grains(s.direct), ledger.grains(m.amount), $places::integer),
    m.base_amount - ledger.portion(m.base_amount, ledger.grains(s.direct), ledger.grains(m.amount), $places::integer), s.replaces, $log_id
from staged s join entry_in m on m.movement_id = s.expenditure_id and m.kind = 'expenditure' join ledger.entry e on e.reference = m.reference
