-- Every contribution, in order; the facility's own line last.
select * from report.contributions order by contribution_id = 'FACILITY', contribution_id
