-- Adds what the parts of movements take from, and do not certainly leave enough on: what `movements/taken` finds in their lines.
--   $base  the book's currency    `movement_part`, `pattern`, `guarded`, `movement_ample`, `movement_chain`
insert into movement_taken
with part as (select distinct kind, outcome, cash_account, whose, commitment_id, sign(part) as sign from movement_part),
line as (
    select distinct case p.account when 'cash' then f.cash_account else p.account end as account, f.whose as contribution_id, case when p.is_agreements then f.commitment_id end as commitment_id,
        p.side * f.sign as sign
    from part f join pattern p on p.kind = f.kind and (p.outcome is null or p.outcome = f.outcome)
)
select distinct p.account, p.contribution_id, p.commitment_id, $base,
    case when p.account like 'asset:cash:%' then 'cash' when p.commitment_id is not null then 'agreements' else 'contributions' end
from line p left join guarded g on g.account = p.account
where p.sign * coalesce(g.nature, 1) < 0 and (g.account is not null or p.account like 'asset:cash:%')
    and not exists (select 1 from movement_ample a where a.account = p.account and a.commitment_id = p.commitment_id)
    and (p.account <> 'budget:allocated' or (select count(*) from movement_chain c where c.reduced_account = 'budget:allocated')
        > (select count(*) from movement_ample a where a.account = 'budget:allocated') or p.account not in (select reduced_account from movement_chain))
