-- Adds the lines of each part of a movement by its pattern, all in one statement so that the balance triggers see whole entries.
--   $base  the book's currency    `movement_part`, `pattern`
insert into ledger.posting
select f.entry_id, f.before + p.step, case p.account when 'cash' then f.cash_account else p.account end, $base, (p.side * f.part)::decimal(18, 4), (p.side * f.part)::decimal(18, 4), null,
    f.whose, f.request_id, f.party_id, case when p.is_agreements then f.commitment_id end
from movement_part f join pattern p on p.kind = f.kind and (p.outcome is null or p.outcome = f.outcome)
