-- A report that replaces a provisional one takes it back first, on its own day: one movement more for each, which falls on the contributions that the provisional one fell on.
--   `movement_replaced`: the movement's reference, and what falls on each contribution
create or replace temp table movement_replaced as
select 'reversal|' || e.reference as reference, e.entry_id as reversed_entry_id, m.reference as by_reference, p.contribution_id, sum(p.amount) as amount
from entry_in m join staged s on s.expenditure_id = m.movement_id
join ledger.entry e on e.reference = 'expenditure|' || s.replaces
join ledger.posting p on p.entry_id = e.entry_id and p.account = 'expense:programme'
where s.replaces is not null
group by e.reference, e.entry_id, m.reference, p.contribution_id
