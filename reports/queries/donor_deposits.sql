-- One row per deposit of a donor and contribution it serves, with the day on which the bank took it back, where it did.
--   $donor_id
--   $as_of     last day of receipt
--   $known_at  UTC time or null: what was written not after it
-- Ordered by day of receipt, then deposit.
select p.deposit_id, p.contribution_id, p.received_on, p.currency, p.amount, p.base_amount, p.rate_date, p.units_per_base, b.event_date as bounced_on
from report.deposits p
join report.contributions c on c.contribution_id = p.contribution_id
left join (
    select e.contribution_id, e.subject, e.event_date
    from report.contribution_events e
    join report.log l on l.log_id = e.log_id
    where e.event = 'deposit bounced' and e.event_date <= $as_of and ($known_at::timestamp is null or l.recorded_at <= $known_at::timestamp)
) b on b.contribution_id = p.contribution_id and b.subject = p.deposit_id
where c.donor_id = $donor_id
    and p.received_on <= $as_of
    and ($known_at::timestamp is null or p.recorded_at <= $known_at::timestamp)
order by p.received_on, p.deposit_id, p.contribution_id
