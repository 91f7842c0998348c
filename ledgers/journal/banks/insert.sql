-- Adds the new rows.
--   $log_id
insert into ledger.bank
select bank, currency, name, opened_on, content_digest, $log_id from bank_staged where standing = 'new' order by bank
