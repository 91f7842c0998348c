-- Every staged row with what it is to the book: new, already there or in conflict. A row that an earlier version had is there already, so that a file
-- imported once more brings back nothing that was rescheduled.
create or replace temp table instalment_staged as
with content as (select *, sha256(concat_ws('|', coalesce(amount::varchar, ''))) as content_digest from staged),
known as (
    select s.*, n.version, n.content_digest as digest_now,
        exists (select 1 from ledger.instalment k where k.contribution_id = s.contribution_id and k.due_on = s.due_on and k.content_digest = s.content_digest) as is_known
    from content s left join ledger.instalment_now n on n.contribution_id = s.contribution_id and n.due_on = s.due_on
)
select * exclude (version, digest_now, is_known), case when is_known then 'already' when digest_now is null then 'new' else 'conflict' end as standing,
    is_known and digest_now is distinct from content_digest as is_replaced
from known
