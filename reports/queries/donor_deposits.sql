-- One row per deposit of a donor and contribution it serves.
--   $donor_id
--   $as_of     last day of receipt
--   $known_at  UTC time or null: what was written not after it
-- Ordered by day of receipt, then deposit.
select p.deposit_id, p.contribution_id, p.received_on, p.currency, p.amount, p.base_amount, p.rate_date, p.units_per_base
from report.deposits p
join report.contributions c on c.contribution_id = p.contribution_id
where c.donor_id = $donor_id
    and p.received_on <= $as_of
    and ($known_at::timestamp is null or p.recorded_at <= $known_at::timestamp)
order by p.received_on, p.deposit_id, p.contribution_id
