-- The overrides of the rules of grants that are in force for the movements of a batch, each on its day.
create or replace temp table override_in_force as
select distinct m.reference, o.rule
from movement m join ledger.grant_override o on o.commitment_id = m.commitment_id and m.entry_date between o.valid_from and o.valid_until
