-- Adds the new rows.
--   $log_id
insert into ledger.instalment
select contribution_id, due_on, amount, content_digest, $log_id from instalment_staged where standing = 'new' order by contribution_id, due_on
