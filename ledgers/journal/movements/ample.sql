-- The balances that a batch certainly leaves enough on, on every day: nothing is added to them or named by the batch, of each contribution no more is taken than it has, and
-- what it has was there before the first of the movements. One row a balance.
--   `movement_chain`, `movement_chained`, `movement_balance`, `movement_split`
create or replace temp table movement_ample as
with taken as (
    select m.chain, s.contribution_id, sum(ledger.grains(s.amount)) as taken
    from movement_split s join movement_chained m using (entry_id) group by m.chain, s.contribution_id
),
covered as (
    select chain, bool_and(coalesce(t.taken, 0) <= coalesce(b.balance, 0)) as is_covered, max(b.latest) as latest
    from movement_balance b full join taken t using (chain, contribution_id) group by chain
),
first as (
    select chain, min(entry_date) as day, bool_or(is_fixed or kind = 'administration') as is_adding from movement_chained group by chain
)
select c.reduced_account as account, c.chain_commitment as commitment_id, c.chain
from movement_chain c join covered k using (chain) join first f using (chain)
where k.is_covered and k.latest <= f.day and not f.is_adding
