-- Adds the new rows.
--   $log_id
insert into ledger.clearance
select implementer, clearance, cleared_on, outcome, valid_until, source, content_digest, $log_id from clearance_staged where standing = 'new' order by implementer, clearance, cleared_on
