-- What each contribution pays of each award of a decision in each year, where the decision tells years apart.
--   $round_id  $decision
select request_id, contribution_id, year, sum(amount) as amount from ledger.payment_year
where round_id = $round_id and decision = $decision
group by request_id, contribution_id, year order by request_id, contribution_id, year
