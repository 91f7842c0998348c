-- The digests that `posting/digests` makes, for movements whose lines are all of their patterns: part by part, since what the lines of a part share is then said once.
--   $base  the book's currency    $low  $high  first and last entry    `entry_in`, `movement_part`, `pattern`
create or replace temp table digest_in as
with together as (
    select p.kind, o.outcome, list({'step': p.step, 'account': p.account, 'is_credit': p.side < 0, 'is_agreements': p.is_agreements} order by p.step) as lines
    from pattern p join (values ('open'), ('owed')) o(outcome) on p.outcome is null or p.outcome = o.outcome
    group by p.kind, o.outcome
),
said as (
    select f.entry_id, f.before, l.lines, f.cash_account, f.part::varchar as debit, (-f.part)::varchar as credit,
        concat(f.whose, ':', f.request_id, ':', f.party_id) as whose, ':' || f.commitment_id as agreement
    from movement_part f join together l on l.kind = f.kind and l.outcome = f.outcome
),
parts as (
    select entry_id, before, array_to_string(list_transform(lines, lambda p: concat(before + p.step, ':', case p.account when 'cash' then cash_account else p.account end, ':', $base,
        ':', case when p.is_credit then credit else debit end, ':', case when p.is_credit then credit else debit end, ':', whose,
        case when p.is_agreements then agreement end)), ';') as cells
    from said
),
whole as (select entry_id, string_agg(cells, ';' order by before) as cells from parts group by entry_id)
select n.entry_id, sha256(concat_ws('|', n.reference, n.kind, n.entry_date::varchar, coalesce(n.purpose, ''), n.narration) || '|' || w.cells) as digest
from entry_in n left join whole w using (entry_id)
where n.entry_id between $low and $high
