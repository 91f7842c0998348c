-- What the undertakings that money discharges stand at, and from where their value in the book's currency is counted: the latest entry that set it (a
-- signing, an amendment, a write-off, a note, or whatever took a discharge back), and what was discharged since. Each part goes at its share of that value, cumulatively rounded, so that the
-- last one leaves nothing behind. Revaluations, which are taken back on the next day, do not count.
--   `undertaking`: the contributions asked about
create or replace temp table discharge_basis as
with moved as (
    select p.account, p.contribution_id, e.entry_id, e.kind, p.amount, p.base_amount
    from ledger.posting p join ledger.entry e using (entry_id)
    where p.account in ('asset:receivable', 'asset:promissory-note') and p.contribution_id in (select contribution_id from undertaking)
        and e.kind <> 'revaluation'
),
set_by as (
    select account, contribution_id, max(entry_id) as entry_id from moved
    where kind in ('signing', 'amendment', 'write-off', 'bounce', 'reversal', 'opening') or (kind = 'note' and account = 'asset:promissory-note')
    group by account, contribution_id
)
select m.account, m.contribution_id,
    sum(m.amount) filter (m.entry_id <= s.entry_id) as amount, sum(m.base_amount) filter (m.entry_id <= s.entry_id) as base_amount,
    -coalesce(sum(m.amount) filter (m.entry_id > s.entry_id), 0) as discharged, sum(m.amount) as outstanding,
    sum(m.base_amount) as base_outstanding
from moved m join set_by s using (account, contribution_id)
group by m.account, m.contribution_id
