-- Whether any implementer of a batch lacks a clearance: at most one row.
select 1 from clearance_lacking limit 1
