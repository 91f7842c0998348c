-- Leaves out the movements of rows at fault.
delete from movement where exists (select 1 from at_fault f where f.file = movement.file and f.line is not distinct from movement.line)
