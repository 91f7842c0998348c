-- The lines of each movement by its pattern, for each contribution that it falls on. Cash in another currency than the book's leaves or comes as such
-- and passes through the conversion accounts: two lines for all its contributions together.
--   $base  the book's currency
create or replace temp table new_posting as
with fallen as (
    select m.*, x.contribution_id as whose, x.amount as part,
        case when c.closed_on is null and (c.use_by is null or c.use_by >= m.entry_date) then 'open' else 'owed' end as outcome
    from movement_priced m join movement_split x using (reference)
    left join ledger.contribution_open c on c.contribution_id = x.contribution_id
    where x.amount <> 0
),
line as (
    select f.reference, f.whose as contribution_id, p.step,
        case when p.account <> 'cash' then p.account when f.currency = $base then f.cash_account else 'equity:conversion:' || $base end as account,
        $base as currency, (p.side * f.part)::decimal(18, 4) as amount, (p.side * f.part)::decimal(18, 4) as base_amount, null::bigint as rate_id,
        f.request_id, f.party_id, case when p.is_agreements then f.commitment_id end as commitment_id
    from fallen f join pattern p on p.kind = f.kind and (p.outcome is null or p.outcome = f.outcome)
    union all
    select m.reference, null, 100 + c.step, case c.step when 1 then m.cash_account else 'equity:conversion:' || m.currency end, m.currency,
        (case c.step when 1 then p.side else -p.side end * m.amount)::decimal(18, 4), (case c.step when 1 then p.side else -p.side end * m.base_amount)::decimal(18, 4),
        m.rate_id, m.request_id, m.party_id, null
    from movement_priced m join pattern p on p.kind = m.kind and p.account = 'cash' cross join (values (1), (2)) c(step)
    where m.currency <> $base
)
select reference, row_number() over (partition by reference order by contribution_id nulls last, step)::integer as line,
    account, currency, amount, base_amount, rate_id, contribution_id, request_id, party_id, commitment_id
from line
