-- The lines of those entries. A signing takes back the pledge it follows. Income of an agreement with conditions is deferred until they are met.
--   $log_id
create or replace temp table new_posting as
with added as (
    select
        c.*, earlier.amount as pledged, earlier.base_amount as base_pledged, earlier.rate_id as pledge_rate_id,
        case c.stage when 'agreement' then 'signing|' else c.stage || '|' end || c.contribution_id as reference,
        case when c.stage = 'agreement' then 'asset:receivable' else 'memo:' || c.stage end as debit,
        case when c.stage <> 'agreement' then 'memo:contra' when c.conditional then 'liability:deferred-contribution' else 'income:contribution' end as credit
    from ledger.contribution c
    left join ledger.contribution earlier
        on earlier.contribution_id = c.contribution_id and earlier.version = c.version - 1 and earlier.stage = 'pledge'
    where c.log_id = $log_id
),
line as (
    select reference, 1 as line, debit as account, currency, amount, base_amount, rate_id, contribution_id, donor_id from added
    union all
    select reference, 2, credit, currency, -amount, -base_amount, rate_id, contribution_id, donor_id from added
    union all
    select reference, 3, 'memo:pledge', currency, -pledged, -base_pledged, pledge_rate_id, contribution_id, donor_id from added where stage = 'agreement' and pledged is not null
    union all
    select reference, 4, 'memo:contra', currency, pledged, base_pledged, pledge_rate_id, contribution_id, donor_id from added where stage = 'agreement' and pledged is not null
)
select reference, line, account, currency, amount, base_amount, rate_id, contribution_id, null::varchar as request_id, donor_id as party_id,
    null::varchar as commitment_id
from line
