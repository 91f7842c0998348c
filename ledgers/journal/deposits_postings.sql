-- The lines of each deposit: cash in, what it discharges, exchange passed through the conversion accounts, the exchange gain or loss
-- (amount 0, base amount only), and the money made available.
--   $base  the book's currency
create or replace temp table new_posting as
with line as (
    select reference, 1 as line, 'asset:cash:main' as account, currency, amount, base_received as base_amount, rate_id, contribution_id, donor_id from deposit_applied
    union all
    select reference, 2, 'liability:unapplied-receipts', currency, -own_unapplied, -base_unapplied, rate_id, contribution_id, donor_id
    from deposit_applied where own_unapplied <> 0 or base_unapplied <> 0
    union all
    select reference, 3, 'equity:conversion:' || currency, currency, -own_applied, -base_applied, rate_id, contribution_id, donor_id
    from deposit_applied where currency <> contribution_currency and applied <> 0
    union all
    select reference, 4, 'equity:conversion:' || contribution_currency, contribution_currency, applied, base_applied, null, contribution_id, donor_id
    from deposit_applied where currency <> contribution_currency and applied <> 0
    union all
    select reference, 5, 'asset:receivable', contribution_currency, -applied, -carrying, null, contribution_id, donor_id
    from deposit_applied where applied <> 0
    union all
    select reference, 6, case when exchange_gain > 0 then 'income:exchange' else 'expense:exchange' end, contribution_currency, 0, -exchange_gain, null, contribution_id, donor_id
    from deposit_applied where exchange_gain <> 0
    union all
    select reference, 7, 'budget:available', $base, base_applied, base_applied, null, contribution_id, donor_id from deposit_applied where base_applied <> 0
    union all
    select reference, 8, 'budget:resource', $base, -base_applied, -base_applied, null, contribution_id, donor_id from deposit_applied where base_applied <> 0
)
select reference, line, account, currency, amount::decimal(18, 4) as amount, base_amount::decimal(18, 4) as base_amount, rate_id, contribution_id,
    null::varchar as request_id, donor_id as party_id
from line
