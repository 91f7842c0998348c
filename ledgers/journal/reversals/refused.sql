-- What the book refuses in the staged reversals. One row a finding.
with undo(kind, remedy) as (values
    ('pledge', 'amend its amount with `facility contribution amend`'), ('in-kind', 'amend its amount with `facility contribution amend`'),
    ('signing', 'amend its amount with `facility contribution amend`, or write it off with `facility contribution write-off`'),
    ('amendment', 'amend the amount once more with `facility contribution amend`'), ('deposit', 'record with `facility deposit bounce` that the bank took it back'),
    ('fee', 'it is taken back with its deposit, by `facility deposit bounce`'), ('bounce', 'import what came in again as a deposit of its own'),
    ('allocation', 'free it with a cancellation in `facility import entries`, or with `facility grant release` once it is committed'),
    ('commitment', 'release it with `facility grant release`'), ('condition', 'amend the contribution instead'), ('note', 'amend or write off the contribution instead'),
    ('revaluation', 'revalue again with `facility period revalue`'), ('reversal', 'record what happened once more, under a new id'),
    ('expenditure-replaced', 'import a report that replaces the last one'), ('opening', 'post what is missing as a movement of its own')
),
asked as (select a.*, m.standing from reversal_asked a join movement_standing m on m.file = a.file and m.line is not distinct from a.line),
-- What must be nothing on a closed contribution, and that a reversal would put back there. What is owed to its donor, and what implementers still account for, may move.
put_back as (
    select s.file, s.line, s.entry, p.contribution_id, any_value(k.closed_on) as closed_on
    from asked s join ledger.posting p on p.entry_id = s.reversed_entry_id join ledger.contribution_closing k on k.contribution_id = p.contribution_id
    join (values
        ('asset:receivable', 1), ('asset:promissory-note', 1), ('budget:available', 1), ('budget:conditional', 1), ('budget:allocated', 1),
        ('budget:allocated-uncollected', 1), ('budget:committed', 1), ('liability:unapplied-receipts', -1)
    ) a(account, nature) on a.account = p.account
    where s.standing = 'new'
    group by s.file, s.line, s.entry, p.contribution_id, p.account having sum(a.nature * p.amount) < 0
)
select 'entry-unknown', 'error', s.file, s.line, 'entry', s.entry, 'the book has no entry ' || s.entry, 'name its number or its reference; `facility entry show` shows it'
from asked s where s.reversed_entry_id is null
union all
select 'reversal-refused', 'error', s.file, s.line, 'entry', s.entry, 'entry ' || s.entry || case when s.reversed_kind[1] in ('a', 'e', 'i', 'o') then ' is an ' else ' is a ' end || replace(s.reversed_kind, '-', ' ') || ', which is not reversed', u.remedy
from asked s join undo u on u.kind = s.reversed_kind
union all
select 'reversed-already', 'error', s.file, s.line, 'entry', s.entry, 'entry ' || s.entry || ' was taken back: ' || r.reason, 'correct the entry that took it back, or leave this out'
from asked s join ledger.reversal r using (reversed_entry_id)
where s.standing <> 'already'
union all
select 'reversed-already', 'error', s.file, s.line, 'entry', s.entry, 'another row takes back entry ' || s.entry || ' too', 'leave one of the two out'
from asked s where s.standing = 'new' and s.reversed_entry_id in (select reversed_entry_id from asked where standing = 'new' group by reversed_entry_id having count(*) > 1)
union all
select 'reversal-before-entry', 'error', s.file, s.line, 'reversed_on', s.reversed_on::varchar, 'entry ' || s.entry || ' is of ' || s.reversed_date, 'date the reversal on that day or later'
from asked s where s.reversed_on < s.reversed_date
union all
select distinct 'contribution-closed', 'error', b.file, b.line, 'entry', b.entry, b.contribution_id || ' was closed on ' || b.closed_on || ', and something would stand on it again',
    'leave the entry as it is; what still comes back on a closed contribution is recorded as a refund or a recovery, and is owed to its donor'
from put_back b
union all
select 'commitment-closed', 'error', s.file, s.line, 'entry', s.entry, 'commitment ' || v.commitment_id || ' was closed financially on ' || k.closed_on,
    'what was wrong on a closed agreement is disallowed and recovered'
from asked s
join ledger.movement v on v.entry_id = s.reversed_entry_id and s.standing = 'new' and v.kind not in ('recovery', 'disallowance')
join ledger.closure k on k.commitment_id = v.commitment_id and k.stage = 'financial'
order by 3, 4, 5, 1, 7
