-- One row per currency that the book held, or was owed, at the end of the last month, when that month's end has no revaluation. The amount is cash; where there is none, it
-- is what is owed that stands at earlier rates.
--   $on         the day
--   $month_end  the last day of the month before it
-- Ordered by currency.
with standing as (
    select currency, account, sum(amount) as amount
    from report.postings
    where currency <> book_currency and entry_date <= $month_end and $month_end < $on
        and (account like 'asset:cash:%' or account in ('asset:receivable', 'asset:promissory-note', 'liability:unapplied-receipts'))
    group by currency, account
)
select 'foreign money not revalued' as what, currency as subject, $month_end::date as since, nullif(coalesce(sum(amount) filter (account like 'asset:cash:%'), 0), 0) as amount, currency,
    case when not bool_or(amount <> 0 and account like 'asset:cash:%') then 'not yet received, or not applied; it stands at earlier rates' else 'cash at banks; it stands at earlier rates' end as detail,
    'facility period revalue ' || $month_end::date as command
from standing
where not exists (select 1 from report.postings r where r.kind = 'revaluation' and r.entry_date = $month_end)
group by currency
having bool_or(amount <> 0)
order by currency
