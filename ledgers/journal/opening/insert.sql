-- Adds the opening balances whose entries have just been posted, and the agreements that they are of.
--   $recorded_at  $log_id
insert into ledger.opening
select v.opening_id, v.item, v.as_of, v.contribution_id, v.request_id, v.commitment_id, v.implementer, v.bank, v.currency, v.amount, v.base_amount, v.rate_id, v.content_digest,
    e.entry_id, $log_id
from opening_valued v join ledger.entry e using (reference) order by v.opening_id;

insert into ledger.commitment
select commitment_id, 1, any_value(request_id), any_value(implementer), any_value(signed_on), sum(base_amount), 0.07, null, max(ends_on), null, 'opening balance', null, null,
    any_value(content_digest), $recorded_at, $log_id
from opening_valued where commitment_id is not null group by commitment_id order by commitment_id;
