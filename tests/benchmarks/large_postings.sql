-- Adds four postings to each of the entries numbered from $first + 1 to $last: cash and income, one in five in euros, and two budget lines.
with line(line, side, account, accounts) as (values
    (1, 1, 'asset:cash:bank-', 40), (2, -1, 'income:fund-', 60), (3, 1, 'budget:available', 0), (4, -1, 'budget:resource', 0)
)
insert into ledger.posting (entry_id, line, account, currency, amount, base_amount, contribution_id, request_id)
select
    i + 1, l.line, l.account || case when l.accounts > 0 then (i % l.accounts)::varchar else '' end,
    case when l.accounts > 0 and i % 5 = 0 then 'EUR' else 'USD' end,
    (l.side * (i % 99991 + 1) * case when l.accounts > 0 and i % 5 = 0 then 0.08 else 0.10 end)::decimal(18, 4),
    (l.side * (i % 99991 + 1) * 0.10)::decimal(18, 4), 'C-' || i % 500, case when l.accounts = 0 then 'R-' || i % 20000 end
from range($first, $last) numbers(i)
cross join line l
order by i, l.line
