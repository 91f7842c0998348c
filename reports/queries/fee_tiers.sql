-- One row per tier of a schedule of fees.
-- Ordered by schedule, then tier.
select fee_schedule, above, share, flat from report.fee_tiers order by fee_schedule, above
