-- Every grant agreement, in order.
select * from report.commitments order by commitment_id
