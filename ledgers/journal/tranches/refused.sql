-- What the book refuses in the staged rows. One row a finding.
--   $base  the book's currency
select 'tranche-conflict', 'error', s.file, s.line, 'tranche', s.tranche::varchar, 'tranche ' || s.tranche || ' of ' || s.commitment_id || ' is already in the book with other content', 'correct the row; what changes is a tranche of its own'
from tranche_staged s where s.standing = 'conflict'
union all
select 'commitment-unknown', 'error', s.file, s.line, 'commitment_id', s.commitment_id, 'there is no signed commitment ' || s.commitment_id, 'import the signed agreement first, or correct the id'
from tranche_staged s where not exists (select 1 from ledger.commitment c where c.commitment_id = s.commitment_id)
union all
select 'tranches-exceed-commitment', 'error', s.file, s.line, 'amount', s.amount::varchar,
    'the tranches of ' || s.commitment_id || ' come to ' || ledger.printed(t.planned, $base)
        || ', and the agreement to ' || ledger.printed(c.amount, $base),
    'lower the tranches; they may leave something of the agreement unplanned, never more'
from tranche_staged s
join ledger.commitment_now c using (commitment_id)
join (
    select commitment_id, sum(amount) as planned
    from (select commitment_id, amount from ledger.tranche union all select commitment_id, amount from tranche_staged where standing = 'new') group by commitment_id
) t using (commitment_id)
where s.standing = 'new' and t.planned > c.amount
order by 3, 4, 5, 1, 7
