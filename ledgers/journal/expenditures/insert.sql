-- Adds what the new expenditures say beside their money. Indirect cost goes down to the unit in the book's currency, so that what is within its limit in another
-- currency is within it here.
--   $places  of the book's currency    $log_id
insert into ledger.expenditure
select e.entry_id, s.spent_from, s.spent_to, s.status, m.base_amount - i.indirect, i.indirect, s.replaces, $log_id
from staged s join entry_in m on m.movement_id = s.expenditure_id and m.kind = 'expenditure' join ledger.entry e on e.reference = m.reference
cross join lateral (select ledger.amount_of(ledger.grains(m.base_amount) * ledger.grains(coalesce(s.indirect, 0))
    // (ledger.grains(m.amount) * ledger.grains_per_unit($places::integer)) * ledger.grains_per_unit($places::integer)) as indirect) i
