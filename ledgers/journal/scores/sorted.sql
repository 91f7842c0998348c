-- Every staged score and what it is to the book: new, already or conflict.
create or replace temp table score_staged as
select s.*, k.score as known, case when k.request_id is null then 'new' when k.score = s.score then 'already' else 'conflict' end as standing
from staged s left join ledger.score k using (request_id, reviewer, criterion)
