-- Two lines in money where cash moves, two budget lines always, for each contribution that the movement falls on.
--   $base  the book's currency
create or replace temp table new_posting as
with moved(kind, step, account, side) as (
    values ('interest', 1, 'asset:cash:main', 1), ('interest', 2, 'income:interest', -1), ('interest', 3, 'budget:available', 1), ('interest', 4, 'budget:resource', -1),
        ('administration', 1, 'budget:allocated', 1), ('administration', 2, 'budget:available', -1),
        ('cancellation', 1, 'budget:available', 1), ('cancellation', 2, 'budget:allocated', -1),
        ('transfer', 1, 'expense:transfer', 1), ('transfer', 2, 'asset:cash:main', -1), ('transfer', 3, 'budget:disbursed', 1), ('transfer', 4, 'budget:allocated', -1)
)
select
    'entries|' || s.reference as reference,
    row_number() over (partition by s.reference order by x.contribution_id, m.step)::integer as line,
    m.account, $base as currency, (m.side * x.amount)::decimal(18, 4) as amount, (m.side * x.amount)::decimal(18, 4) as base_amount,
    null::bigint as rate_id, x.contribution_id, s.request_id, null::varchar as party_id
from staged s join entry_split x using (reference) join moved m using (kind)
where x.amount <> 0
