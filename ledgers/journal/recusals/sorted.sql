-- Every staged recusal and what it is to the book: new, already or conflict. Reviewers are told apart case aside.
create or replace temp table recusal_staged as
select s.*, k.reason as known, case when k.request_id is null then 'new' when k.reason is not distinct from s.reason then 'already' else 'conflict' end as standing
from staged s left join ledger.recusal k on k.request_id = s.request_id and lower(k.reviewer) = lower(s.reviewer)
