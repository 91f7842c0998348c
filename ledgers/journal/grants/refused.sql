-- What is refused in any movement on a grant agreement. One row a finding.
select 'commitment-unknown', 'error', m.file, m.line, 'commitment_id', m.commitment_id,
    'there is no signed commitment ' || m.commitment_id, 'import the signed agreement with `facility import commitments`, or correct the id'
from movement m where m.kind <> 'commitment' and not exists (select 1 from ledger.commitment c where c.commitment_id = m.commitment_id)
union all
select 'before-commitment', 'error', m.file, m.line, 'entry_date', m.entry_date::varchar,
    'commitment ' || m.commitment_id || ' was signed on ' || c.signed_on || ', after ' || m.entry_date, 'correct the day'
from movement_standing m join ledger.commitment c on c.commitment_id = m.commitment_id and c.version = 1
where m.standing = 'new' and m.entry_date < c.signed_on
union all
select 'commitment-closed', 'error', m.file, m.line, 'commitment_id', m.commitment_id,
    'commitment ' || m.commitment_id || ' was closed financially on ' || k.closed_on, 'correct the id; nothing moves on a closed agreement but what is recovered from it'
from movement_standing m join ledger.closure k on k.commitment_id = m.commitment_id and k.stage = 'financial'
where m.standing = 'new' and m.kind not in ('recovery', 'disallowance')
order by 3, 4, 5, 1, 7
