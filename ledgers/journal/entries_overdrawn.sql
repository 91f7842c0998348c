-- What a batch of movements, posted but not yet committed, would overdraw. One row a finding.
--   $log_id  the batch
with touched as (
    select p.contribution_id, p.request_id, e.purpose, p.account, k.file, k.line, k.kind
    from ledger.posting p join ledger.entry e using (entry_id) join entry_standing k on k.reference = e.reference
    where e.log_id = $log_id and p.amount < 0
)
select distinct 'available-exceeded', 'error', t.file, t.line, 'contribution_id', t.contribution_id,
    'contribution ' || t.contribution_id || ' would be overdrawn by ' || (-b.available)::varchar, 'take the money from another contribution, or less of it'
from touched t join ledger.contribution_available b using (contribution_id) where t.account = 'budget:available' and b.available < 0
union all
select distinct 'allocated-exceeded', 'error', t.file, t.line, case when t.request_id is null then 'purpose' else 'request_id' end, coalesce(t.request_id, t.purpose),
    'more than is allocated to ' || coalesce(t.request_id, t.purpose) || ' from ' || t.contribution_id || ': ' || (-b.amount)::varchar || ' too much',
    'correct the amount; only what is allocated and not yet transferred can be cancelled or transferred'
from touched t
join (
    select p.contribution_id, p.request_id, e.purpose, sum(p.amount) as amount
    from ledger.posting p join ledger.entry e using (entry_id) where p.account = 'budget:allocated'
    group by p.contribution_id, p.request_id, e.purpose having sum(p.amount) < 0
) b on b.contribution_id = t.contribution_id and b.request_id is not distinct from t.request_id and b.purpose is not distinct from t.purpose
where t.account = 'budget:allocated'
union all
select distinct 'cash-exceeded', 'error', t.file, t.line, 'amount', null, 'cash would be overdrawn by ' || (-c.amount)::varchar, 'transfer no more than the cash held'
from touched t join (select sum(base_amount) as amount from ledger.posting where account like 'asset:cash:%' having sum(base_amount) < 0) c on true
where t.account = 'asset:cash:main'
order by 3, 4, 5, 1, 7
