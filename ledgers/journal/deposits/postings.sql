-- The lines of each deposit: where the money comes from (cash, or receipts not yet applied), what it discharges, exchange passed through the conversion
-- accounts, the exchange gain or loss (a base amount only, but where what came is in the contribution's currency already), the money made available, what waits for a condition, and of what is available that
-- which is allocated already and waited for it. Then the fee, an entry of its own: it falls on
-- what is available of the deposit, and beyond that on what waits.
--   $base  the book's currency
create or replace temp table new_posting as
with line as (
    select reference, 1 as line, source_account as account, held_currency as currency,
        case when source_account like 'liability:%' then held_applied else held_applied + held_unapplied end as amount,
        case when source_account like 'liability:%' then base_applied else base_received end as base_amount, rate_id, contribution_id, donor_id,
        from_contribution_id
    from deposit_applied
    union all
    select reference, 2, 'liability:unapplied-receipts', held_currency, -held_unapplied, -base_unapplied, rate_id, contribution_id, donor_id, null
    from deposit_applied where source_account not like 'liability:%' and (held_unapplied <> 0 or base_unapplied <> 0)
    union all
    select reference, 3, 'equity:conversion:' || held_currency, held_currency, -held_applied, -base_applied, rate_id, contribution_id, donor_id, null
    from deposit_applied where held_currency <> contribution_currency and applied <> 0
    union all
    select reference, 4, 'equity:conversion:' || contribution_currency, contribution_currency, applied, base_applied, null, contribution_id, donor_id, null
    from deposit_applied where held_currency <> contribution_currency and applied <> 0
    union all
    select reference, 5, discharged_account, contribution_currency, -applied, -carrying, null, contribution_id, donor_id, null
    from deposit_applied where applied <> 0
    union all
    select reference, 6, case when exchange_gain > 0 then 'income:exchange' else 'expense:exchange' end, contribution_currency,
        case when held_currency = contribution_currency then applied - held_applied else 0 end, -exchange_gain, null, contribution_id,
        donor_id, null
    from deposit_applied where exchange_gain <> 0
    union all
    select reference, 7, 'budget:available', $base, base_applied, base_applied, null, contribution_id, donor_id, null from deposit_applied where base_applied <> 0
    union all
    select reference, 8, 'budget:resource', $base, -base_applied, -base_applied, null, contribution_id, donor_id, null from deposit_applied where base_applied <> 0
    union all
    select a.reference, 8 + s.step, s.account, $base, s.side * w.waiting, s.side * w.waiting, null, a.contribution_id, a.donor_id, null
    from deposit_applied a join deposit_waiting w using (reference)
    cross join (values (1, 'budget:conditional', 1), (2, 'budget:available', -1)) s(step, account, side)
    where w.waiting <> 0
    union all
    select 'fee|' || a.reference, s.step, s.account, $base, s.amount, s.amount, null, a.contribution_id, a.donor_id, null
    from deposit_applied a join deposit_fee f using (reference) left join deposit_waiting w using (reference)
    cross join lateral (select least(f.fee, a.base_applied - coalesce(w.waiting, 0)) as borne) b
    cross join lateral (values (1, 'expense:fee:administration', f.fee), (2, 'liability:fee', -f.fee), (3, 'budget:resource', f.fee), (4, 'budget:available', -b.borne),
        (5, 'budget:conditional', b.borne - f.fee)) s(step, account, amount)
    where s.amount <> 0
),
moved(step, account, side) as (values
    (1, 'budget:available', -1), (2, 'budget:resource', 1), (3, 'budget:allocated', 1), (4, 'budget:allocated-uncollected', -1)
)
select reference, (row_number() over (partition by reference order by line))::integer as line, account, currency, amount::decimal(18, 4) as amount,
    base_amount::decimal(18, 4) as base_amount, rate_id, contribution_id, request_id, party_id, commitment_id
from (
    select reference, line, account, currency, amount, base_amount, rate_id, coalesce(from_contribution_id, contribution_id) as contribution_id, null::varchar as request_id, donor_id as party_id, null::varchar as commitment_id
from line
union all
    select c.reference, 6 + 4 * c.position + m.step, m.account, $base, m.side * c.amount, m.side * c.amount, null, c.contribution_id, c.request_id, c.donor_id, null
    from deposit_collected c cross join moved m
)
