-- Every closing and reopening of a period, in order.
select event, through, reason, decided_by, recorded_at from ledger.period_event order by position
