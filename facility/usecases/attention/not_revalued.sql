-- One row per currency that the book held, or was owed, at the end of the last month, when that month's end has no revaluation.
--   $on         the day
--   $month_end  the last day of the month before it
-- Ordered by currency.
select 'foreign money not revalued' as what, p.currency as subject, $month_end::date as since, sum(p.amount) filter (p.account like 'asset:cash:%') as amount, p.currency,
    'cash at banks; it stands at earlier rates' as detail, 'facility period revalue ' || $month_end::date as command
from report.postings p
where p.currency <> p.book_currency and p.entry_date <= $month_end and $month_end < $on
    and (p.account like 'asset:cash:%' or p.account in ('asset:receivable', 'asset:promissory-note', 'liability:unapplied-receipts'))
    and not exists (select 1 from report.postings r where r.kind = 'revaluation' and r.entry_date = $month_end)
group by p.currency
having sum(p.amount) <> 0
order by p.currency
