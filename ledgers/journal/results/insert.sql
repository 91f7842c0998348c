-- Adds the new rows.
--   $log_id
insert into ledger.result
select request_id, indicator, unit, baseline, target, actual, reported_on, source, content_digest, $log_id from result_staged where standing = 'new'
order by request_id, indicator, reported_on
