-- The entry of an amended amount, and its two lines: the difference is receivable or no longer so, and income (deferred, where there are conditions) or no longer so.
--   $contribution_id  $on  $reason
create or replace temp table new_entry as
select 'amendment|' || contribution_id || '|' || version as reference, 'amendment' as kind, $on::date as entry_date, null::varchar as purpose,
    'amount of ' || contribution_id || ' amended: ' || $reason as narration
from ledger.contribution_now where contribution_id = $contribution_id;

create or replace temp table new_posting as
with difference as (
    select c.*, (c.amount - b.amount)::decimal(18, 4) as moved, (c.base_amount - b.base_amount)::decimal(18, 4) as base_moved
    from ledger.contribution_now c join ledger.contribution b on b.contribution_id = c.contribution_id and b.version = c.version - 1
    where c.contribution_id = $contribution_id
)
select 'amendment|' || contribution_id || '|' || version as reference, l.line, l.account, currency, (l.side * moved)::decimal(18, 4) as amount,
    (l.side * base_moved)::decimal(18, 4) as base_amount, null::bigint as rate_id, contribution_id, null::varchar as request_id, donor_id as party_id, null::varchar as commitment_id
from difference cross join lateral (
    values (1, case stage when 'agreement' then 'asset:receivable' else 'memo:' || stage end, 1),
        (2, case when stage <> 'agreement' then 'memo:contra' when conditional then 'liability:deferred-contribution' else 'income:contribution' end, -1)) l(line, account, side);
