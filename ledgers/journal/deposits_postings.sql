-- The lines of each deposit: cash in, what it discharges, exchange passed through the conversion accounts, the exchange gain or loss
-- (amount 0, base amount only), the money made available, and of that what is allocated already and waited for it.
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
),
moved(step, account, side) as (values
    (1, 'budget:available', -1), (2, 'budget:resource', 1), (3, 'budget:allocated', 1), (4, 'budget:allocated-uncollected', -1)
)
select reference, line, account, currency, amount::decimal(18, 4) as amount, base_amount::decimal(18, 4) as base_amount, rate_id, contribution_id,
    null::varchar as request_id, donor_id as party_id
from line
union all
select c.reference, (4 + 4 * c.position + m.step)::integer, m.account, $base, (m.side * c.amount)::decimal(18, 4), (m.side * c.amount)::decimal(18, 4), null,
    c.contribution_id, c.request_id, c.donor_id
from deposit_collected c cross join moved m
