-- Adds the exchanges whose entries have just been posted.
--   $log_id
insert into ledger.exchange
select s.exchange_id, s.exchanged_on, s.currency, s.amount, s.bank, s.to_currency, s.to_amount, s.to_bank, s.base_amount, s.rate_id, s.content_digest, e.entry_id, $log_id
from exchange_valued s join ledger.entry e using (reference) order by s.exchange_id
