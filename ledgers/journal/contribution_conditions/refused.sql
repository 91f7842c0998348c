-- What the book refuses in the staged conditions. One row a finding.
select 'condition-conflict', 'error', s.file, s.line, 'condition', s.condition, 'condition ' || s.condition || ' of ' || s.contribution_id || ' is already met, with other content', 'correct the row'
from contribution_condition_staged s where s.standing = 'conflict'
union all
select 'contribution-unconditional', 'error', s.file, s.line, 'contribution_id', s.contribution_id,
    case when s.stage is null then 'the book has no contribution ' || s.contribution_id else s.contribution_id || ' is not a signed agreement with conditions' end,
    'correct the id; the contributions file says `conditional` of an agreement that has any'
from contribution_condition_staged s where s.stage is distinct from 'agreement' or not coalesce(s.conditional, false)
union all
select 'condition-exceeds-contribution', 'error', s.file, s.line, 'amount', s.amount::varchar,
    'the conditions of ' || s.contribution_id || ' would set free ' || ledger.printed(t.freed, s.currency) || ' ' || s.currency || ' of ' || ledger.printed(s.contribution_amount, s.currency), 'correct the amount'
from contribution_condition_staged s
join (
    select contribution_id, sum(amount) as freed from (
        select contribution_id, amount from ledger.contribution_condition union all select contribution_id, amount from contribution_condition_staged where standing = 'new'
    ) group by contribution_id
) t using (contribution_id)
where s.standing = 'new' and t.freed > s.contribution_amount
union all
select 'period-closed', 'error', s.file, s.line, 'met_on', s.met_on::varchar, 'the book is closed through ' || p.through, 'date it after that day, or reopen the period with a reason'
from contribution_condition_staged s, ledger.closed_period p where s.standing = 'new' and s.met_on <= p.through
order by 3, 4, 5, 1, 7
