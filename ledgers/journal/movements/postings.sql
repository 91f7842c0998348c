-- The lines of each part of a movement by its pattern.
--   $base  the book's currency    `movement_part`, `pattern`
create or replace temp table posting_in as
select f.entry_id, f.before + p.step as line,
    case when p.account <> 'cash' then p.account when f.currency = $base then f.cash_account else 'equity:conversion:' || $base end as account,
    $base as currency, (p.side * f.part)::decimal(18, 4) as amount, (p.side * f.part)::decimal(18, 4) as base_amount, null::bigint as rate_id,
    f.whose as contribution_id, f.request_id, f.party_id, case when p.is_agreements then f.commitment_id end as commitment_id
from movement_part f join pattern p on p.kind = f.kind and (p.outcome is null or p.outcome = f.outcome)
