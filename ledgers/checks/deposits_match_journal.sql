-- Every deposit is in the journal with its amount, and every deposit entry has its deposit. One row a breach.
select 'deposit ' || d.deposit_id || ' on ' || d.contribution_id || ' is not in the journal as received' as finding
from ledger.deposit d
left join ledger.posting p on p.entry_id = d.entry_id and p.account like 'asset:cash:%' and p.contribution_id = d.contribution_id
where p.base_amount is distinct from d.base_amount
    or ((p.amount is distinct from d.amount or p.currency is distinct from d.currency) and (d.rate_id is not null or p.amount is distinct from d.base_amount))
union all
select 'entry ' || e.entry_id || ' has no deposit' from ledger.entry e
where e.kind = 'deposit' and not exists (select 1 from ledger.deposit d where d.entry_id = e.entry_id)
order by finding
