-- Adds the new rows.
--   $log_id
insert into ledger.fee_tier
select fee_schedule, above, share, flat, source, content_digest, $log_id from fee_tier_staged where standing = 'new' order by fee_schedule, above
