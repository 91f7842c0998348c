-- Every staged account at a bank with what it is to the book: new, already there or in conflict.
create or replace temp table bank_staged as
with content as (select *, sha256(concat_ws('|', coalesce(currency::varchar, ''), coalesce(name::varchar, ''), coalesce(opened_on::varchar, ''))) as content_digest from staged)
select s.*, case when k.bank is null then 'new' when k.content_digest = s.content_digest then 'already' else 'conflict' end as standing
from content s left join ledger.bank k on k.bank = s.bank
