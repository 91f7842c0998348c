-- The entry of each new note, and its two lines: the note stands for what was receivable, at the same value; it is not cash until it is encashed.
--   $places  of the book's currency    `discharge_basis`
create or replace temp table new_entry as
select reference, 'note' as kind, received_on as entry_date, null::varchar as purpose, 'promissory note ' || note_id || ' for ' || contribution_id as narration
from note_staged where standing = 'new';

create or replace temp table new_posting as
with laid as (
    select s.*, b.amount as basis_amount, b.base_amount as basis_base_amount, b.discharged + sum(s.amount) over (partition by s.contribution_id order by s.received_on, s.note_id) as upto
    from note_staged s join discharge_basis b on b.contribution_id = s.contribution_id and b.account = 'asset:receivable'
    where s.standing = 'new'
),
valued as (
    select *, (ledger.portion(basis_base_amount, ledger.grains(upto), ledger.grains(basis_amount), $places::integer)
        - ledger.portion(basis_base_amount, ledger.grains(upto - amount), ledger.grains(basis_amount), $places::integer))::decimal(18, 4) as carrying
    from laid
)
select reference, l.line, l.account, currency, (l.side * amount)::decimal(18, 4) as amount, (l.side * carrying)::decimal(18, 4) as base_amount, null::bigint as rate_id,
    contribution_id, null::varchar as request_id, donor_id as party_id, null::varchar as commitment_id
from valued cross join (values (1, 'asset:promissory-note', 1), (2, 'asset:receivable', -1)) l(line, account, side);
