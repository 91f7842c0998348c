-- Every staged exchange between the facility's own accounts, and what it is to the book: new, already there or in conflict.
create or replace temp table exchange_staged as
with content as (
    select *, sha256(concat_ws('|', exchanged_on::varchar, currency, amount::varchar, coalesce(bank, ''), to_currency, to_amount::varchar, coalesce(to_bank, ''))) as content_digest from staged
)
select s.*, 'exchange|' || s.exchange_id as reference,
    case when k.exchange_id is null then 'new' when k.content_digest = s.content_digest then 'already' else 'conflict' end as standing
from content s left join ledger.exchange k using (exchange_id)
