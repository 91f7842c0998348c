-- Adds the new totals.
--   $log_id
insert into ledger.opening_total
select item, currency, amount, source, content_digest, $log_id from opening_total_staged where standing = 'new' order by item, currency
