-- Every round's id, in order.
select round_id from ledger.round order by round_id
