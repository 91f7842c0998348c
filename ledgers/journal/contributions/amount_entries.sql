-- The entry of an amended amount, and its lines: the difference is receivable or no longer so, and income (deferred, where there are conditions) or no longer so. Where
-- what is deferred goes at another value than what is receivable, because they came at other rates, the rest is an exchange difference.
--   $contribution_id  $on  $reason    `amendment`
create or replace temp table new_entry as
select 'amendment|' || contribution_id || '|' || version as reference, 'amendment' as kind, $on::date as entry_date, null::varchar as purpose,
    'amount of ' || contribution_id || ' amended: ' || $reason as narration
from ledger.contribution_now where contribution_id = $contribution_id;

create or replace temp table new_posting as
select 'amendment|' || c.contribution_id || '|' || c.version as reference, l.line, l.account, c.currency, l.amount::decimal(18, 4) as amount,
    l.base_amount::decimal(18, 4) as base_amount, null::bigint as rate_id, c.contribution_id, null::varchar as request_id, c.donor_id as party_id, null::varchar as commitment_id
from ledger.contribution_now c join amendment m using (contribution_id) cross join lateral (
    values (1, case m.stage when 'agreement' then 'asset:receivable' else 'memo:' || m.stage end, m.moved, m.base_moved),
        (2, case when m.stage <> 'agreement' then 'memo:contra' when m.conditional then 'liability:deferred-contribution' else 'income:contribution' end, -m.moved, -m.base_signed),
        (3, case when m.base_signed > m.base_moved then 'expense:exchange' else 'income:exchange' end, 0, m.base_signed - m.base_moved)
) l(line, account, amount, base_amount)
where l.line < 3 or l.base_amount <> 0;
