-- The movements of balances that are of several contributions, in the order in which they follow each other, as `movements/chained` has them: chain, entry, units, and whether
-- it is to be split.
--   $places  of the book's currency
select chain, entry_id, (ledger.grains(base_amount) // ledger.grains_per_unit($places::integer))::bigint as units, contribution_id is null and not is_fixed as is_plain
from movement_chained
where chain in (select chain from movement_balance where contributions > 1)
order by chain, entry_date, not (kind = 'administration' or is_fixed), entry_id
