-- What the book refuses in the staged grant agreements. One row a finding.
--   $base  the book's currency    `clearance_lacking`, `override_in_force`
with late as (
    select m.file, m.line, s.ends_on, coalesce(s.ends_on, m.entry_date) as last_day, u.contribution_id, u.until, u.contribution_id || ' ' || u.told as told, y.last_year,
        case when s.ends_on is null then 'the agreement is signed on ' || m.entry_date || ' without an end' else 'the agreement ends on ' || s.ends_on end as subject
    from movement_standing m join staged s on s.commitment_id = m.commitment_id
    join (select p.request_id, p.contribution_id from ledger.posting p where p.account = 'budget:allocated' group by p.request_id, p.contribution_id having sum(p.amount) > 0) a
        on a.request_id = m.request_id
    join ledger.contribution_until u on u.contribution_id = a.contribution_id
    left join ledger.paid_early y on y.request_id = m.request_id and y.contribution_id = a.contribution_id
    where m.standing = 'new' and u.until < coalesce(s.ends_on, m.entry_date)
)
select 'clearance-missing', 'error', m.file, m.line, 'implementer', m.party_id,
    'nothing is committed to ' || m.party_id || ' without its clearance: ' || string_agg(l.told, '; ' order by l.clearance),
    'bring the clearance in with `facility import clearances`, or set the rule aside by name with `facility grant override ' || m.commitment_id || ' clearance`'
from movement_standing m join clearance_lacking l using (reference)
where m.standing = 'new' and not exists (select 1 from override_in_force o where o.reference = m.reference and o.rule = 'clearance')
group by m.file, m.line, m.party_id, m.commitment_id
union all
select 'ends-after-use-by', 'error', l.file, l.line, 'ends_on', l.ends_on::varchar, l.subject || ', and of its money ' || string_agg(l.told, ', ' order by l.contribution_id),
    'end the agreement earlier, or agree a later day with the donor and record it with `facility contribution amend`'
from late l where l.until < least(l.last_day, make_date(l.last_year, 12, 31))
group by l.file, l.line, l.ends_on, l.subject
union all
select 'ends-after-use-by', 'warning', l.file, l.line, 'ends_on', l.ends_on::varchar,
    l.subject || ', and of its money ' || string_agg(l.told || ' and pays for no year after ' || l.last_year, ', ' order by l.contribution_id),
    'let that part be disbursed and reported as spent in time'
from late l where l.until >= make_date(l.last_year, 12, 31)
group by l.file, l.line, l.ends_on, l.subject
union all
select 'nothing-allocated', 'error', m.file, m.line, 'request_id', m.request_id, 'nothing is allocated to ' || m.request_id || ' that could be committed'
        || coalesce('; ' || (select ledger.printed(sum(p.amount), $base) from ledger.posting p
            where p.account = 'budget:allocated-uncollected' and p.request_id = m.request_id having sum(p.amount) > 0)
            || ' waits for money not yet received', ''),
    'post a round that awards it money first'
from movement_standing m
where m.standing = 'new' and exists (select 1 from ledger.request r where r.request_id = m.request_id)
    and not exists (select 1 from ledger.posting p where p.account = 'budget:allocated' and p.request_id = m.request_id having sum(p.amount) > 0)
union all
select 'amount-out-of-range', 'error', m.file, m.line, 'share', s.share::varchar, 'the share of what is allocated to ' || m.request_id || ' comes to nothing', 'state an amount'
from movement_standing m join staged s on s.commitment_id = m.commitment_id
where m.standing = 'new' and m.amount = 0 and s.share is not null
    and exists (select 1 from ledger.posting p where p.account = 'budget:allocated' and p.request_id = m.request_id having sum(p.amount) > 0)
order by 3, 4, 5, 1, 7
