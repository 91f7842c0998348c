-- No more of a promissory note is encashed than it is for, and the instalments of a contribution never came to more than it was signed for, and were
-- replaced by decisions alone. One row a breach.
with encashed as (
    select note_id, sum(applied_amount) as amount from ledger.deposit d
    where note_id is not null and not exists (select 1 from ledger.bounce b where b.deposit_id = d.deposit_id and b.contribution_id = d.contribution_id) group by note_id
)
select 'of note ' || e.note_id || ' over ' || coalesce(n.amount, 0) || ' ' || e.amount || ' is encashed' as finding
from encashed e left join ledger.promissory_note n using (note_id) where e.amount > coalesce(n.amount, 0)
union all
select 'the notes of ' || contribution_id || ' stand at ' || sum(amount) || ' ' || currency from ledger.posting where account = 'asset:promissory-note'
group by contribution_id, currency having sum(amount) < 0
union all
select 'the instalments of ' || i.contribution_id || ' come to ' || i.amount || ', and it was signed for ' || c.amount
from (select contribution_id, version, sum(amount) as amount from ledger.instalment group by contribution_id, version) i
join (select contribution_id, max(amount) as amount from ledger.contribution group by contribution_id) c using (contribution_id) where i.amount > c.amount
union all
select 'version ' || coalesce(i.version, r.version) || ' of the instalments of ' || coalesce(i.contribution_id, r.contribution_id) || case when i.version is null then ' was decided and has none' else ' was never decided' end
from (select distinct contribution_id, version from ledger.instalment where version > 1) i
full join ledger.rescheduling r on r.contribution_id = i.contribution_id and r.version = i.version where i.version is null or r.version is null
order by finding
