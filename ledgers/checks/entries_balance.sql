-- Every entry sums to zero in each currency and in the book's currency. One row a breach.
select 'entry ' || entry_id || ' is off by ' || sum(amount) || ' ' || currency as finding
from ledger.posting group by entry_id, currency having sum(amount) <> 0
union all
select 'entry ' || entry_id || ' is off by ' || sum(base_amount) || ' in the book''s currency' from ledger.posting group by entry_id having sum(base_amount) <> 0
order by finding
