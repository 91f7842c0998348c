-- Adds the new scores.
--   $log_id
insert into ledger.score
select request_id, reviewer, criterion, score, $log_id from score_staged where standing = 'new' order by request_id, reviewer, criterion
