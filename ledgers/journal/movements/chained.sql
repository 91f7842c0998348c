-- The movements of balances that are of several contributions, in the order in which they follow each other: by day, then what adds to the balance, then by the
-- numbers of their entries. One row each: chain, entry, units (of the book's smallest), the contribution where one is named, whether it adds, whether its parts are fixed.
--   $places  of the book's currency
select chain, entry_id, (ledger.grains(base_amount) // ledger.grains_per_unit($places::integer))::varchar as units, contribution_id, kind = 'administration' as is_adding, is_fixed
from movement_chained
where chain in (select chain from movement_balance where contributions > 1)
order by chain, entry_date, not (kind = 'administration' or is_fixed), entry_id
