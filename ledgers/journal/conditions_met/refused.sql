-- What the book refuses in the staged rows. One row a finding.
select 'condition-conflict', 'error', s.file, s.line, 'tranche', s.tranche::varchar, 'the condition of tranche ' || s.tranche || ' of ' || s.commitment_id || ' is already met, on another day or by another source', 'correct the row'
from condition_met_staged s where s.standing = 'conflict'
union all
select 'tranche-unknown', 'error', s.file, s.line, 'tranche', s.tranche::varchar, 'commitment ' || s.commitment_id || ' has no tranche ' || s.tranche || ' with a condition', 'correct it, or import the plan first'
from condition_met_staged s where not exists (
    select 1 from ledger.tranche t where t.commitment_id = s.commitment_id and t.tranche = s.tranche and t.condition is not null)
order by 3, 4, 5, 1, 7
