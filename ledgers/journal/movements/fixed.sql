-- The parts of movements that are fixed beforehand: entry, contribution, units.
--   $places  of the book's currency
select e.entry_id, f.contribution_id, (ledger.grains(f.amount) // ledger.grains_per_unit($places::integer))::varchar from movement_fixed f join entry_in e using (reference)
