-- The lines of each movement by its pattern, for each contribution that it falls on, in the order of the contributions.
--   $base  the book's currency    `entry_in`, `movement_split`, `pattern`, `pattern_length`
create or replace temp table posting_in as
with fallen as (
    select m.entry_id, m.kind, m.currency, m.cash_account, m.request_id, m.party_id, m.commitment_id, x.contribution_id as whose, x.amount as part,
        case when c.closed_on is null and (c.use_by is null or c.use_by >= m.entry_date) then 'open' else 'owed' end as outcome
    from entry_in m join movement_split x using (entry_id)
    left join ledger.contribution_open c on c.contribution_id = x.contribution_id
    where x.amount <> 0
),
placed as (
    select f.*, coalesce(sum(l.lines) over (partition by f.entry_id order by f.whose rows between unbounded preceding and 1 preceding), 0) as before
    from fallen f join pattern_length l on l.kind = f.kind and l.outcome = f.outcome
)
select f.entry_id, (f.before + p.step)::integer as line,
    case when p.account <> 'cash' then p.account when f.currency = $base then f.cash_account else 'equity:conversion:' || $base end as account,
    $base as currency, (p.side * f.part)::decimal(18, 4) as amount, (p.side * f.part)::decimal(18, 4) as base_amount, null::bigint as rate_id,
    f.whose as contribution_id, f.request_id, f.party_id, case when p.is_agreements then f.commitment_id end as commitment_id
from placed f join pattern p on p.kind = f.kind and (p.outcome is null or p.outcome = f.outcome)
