-- The entry of each new write-off, and its two lines: an expense, and what is receivable no longer, at its share of the value that is outstanding.
--   $places  of the book's currency    `discharge_basis`
create or replace temp table new_entry as
select reference, 'write-off' as kind, written_off_on as entry_date, null::varchar as purpose, 'write-off of ' || contribution_id || ': ' || reason as narration
from write_off_staged where standing = 'new';

create or replace temp table new_posting as
with laid as (
    select s.*, b.outstanding, b.base_outstanding, sum(s.amount) over (partition by s.contribution_id order by s.written_off_on, s.write_off_id) as upto
    from write_off_staged s join discharge_basis b on b.contribution_id = s.contribution_id and b.account = 'asset:receivable'
    where s.standing = 'new'
),
valued as (
    select *, (ledger.portion(base_outstanding, ledger.grains(upto), ledger.grains(outstanding), $places::integer)
        - ledger.portion(base_outstanding, ledger.grains(upto - amount), ledger.grains(outstanding), $places::integer))::decimal(18, 4) as carrying
    from laid
)
select reference, l.line, l.account, currency, (l.side * amount)::decimal(18, 4) as amount, (l.side * carrying)::decimal(18, 4) as base_amount, null::bigint as rate_id,
    contribution_id, null::varchar as request_id, donor_id as party_id, null::varchar as commitment_id
from valued cross join (values (1, 'expense:write-off', 1), (2, 'asset:receivable', -1)) l(line, account, side);
