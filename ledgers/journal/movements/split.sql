-- What falls on each contribution: of balances of several, as `split_in` says; of others, the whole; and what is named or fixed. One row a (entry, contribution).
--   `split_in`: entry, contribution, units    $places  of the book's currency
create or replace temp table movement_split as
select entry_id, contribution_id, ledger.amount_of(units::hugeint * ledger.grains_per_unit($places::integer)) as amount from split_in
union all
select m.entry_id, b.contribution_id, m.base_amount
from movement_chained m join movement_balance b using (chain)
where m.contribution_id is null and not m.is_fixed and b.contributions = 1
union all
select p.entry_id, f.contribution_id, f.amount from movement_fixed f join entry_in p using (reference)
union all
select entry_id, contribution_id, base_amount from entry_in where contribution_id is not null
