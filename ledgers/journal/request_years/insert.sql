-- Adds the new years, all of a request as its next version.
--   $log_id
insert into ledger.request_year
select request_id, next_version, year, amount, $log_id from request_year_staged where standing = 'new' order by request_id, year
