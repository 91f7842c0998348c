-- The accounts that the parts of movements add to or take from, each once: account, contribution, agreement, currency, sign.
--   $base  the book's currency    `movement_part`, `pattern`
create or replace temp table movement_line as
with part as (select distinct kind, outcome, cash_account, whose, commitment_id, sign(part) as sign from movement_part)
select distinct case p.account when 'cash' then f.cash_account else p.account end as account, f.whose as contribution_id, case when p.is_agreements then f.commitment_id end as commitment_id,
    $base as currency, p.side * f.sign as sign
from part f join pattern p on p.kind = f.kind and (p.outcome is null or p.outcome = f.outcome)
