-- Every grant agreement's id, in order.
select distinct commitment_id from ledger.commitment order by commitment_id
