-- Adds the new recusals.
--   $log_id
insert into ledger.recusal
select request_id, reviewer, reason, $log_id from recusal_staged where standing = 'new' order by request_id, reviewer
