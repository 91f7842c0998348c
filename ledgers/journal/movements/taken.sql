-- Adds what is taken from, and not certainly left enough on.
--   `movement_line`, `guarded`, `movement_ample`, `movement_chain`
insert into movement_taken
select distinct p.account, p.contribution_id, p.commitment_id, p.currency,
    case when p.account like 'asset:cash:%' then 'cash' when p.commitment_id is not null then 'agreements' else 'contributions' end as looked_at_by
from movement_line p left join guarded g on g.account = p.account
where p.sign * coalesce(g.nature, 1) < 0 and (g.account is not null or p.account like 'asset:cash:%')
    and not exists (select 1 from movement_ample a where a.account = p.account and a.commitment_id = p.commitment_id)
    and (p.account <> 'budget:allocated' or (select count(*) from movement_chain c where c.reduced_account = 'budget:allocated')
        > (select count(*) from movement_ample a where a.account = 'budget:allocated') or p.account not in (select reduced_account from movement_chain))
