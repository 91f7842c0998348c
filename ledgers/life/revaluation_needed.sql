-- The currencies in which the facility holds or is owed money at the end of a day, and so needs a rate of that day. One row a currency, into `rate_needed`.
--   $on  the day    $base  the book's currency
create or replace temp table rate_needed as
select distinct p.currency, $on::date as on_date
from ledger.posting p join ledger.entry e using (entry_id)
where e.entry_date <= $on::date and p.currency <> $base
    and (p.account like 'asset:cash:%' or p.account in ('asset:receivable', 'asset:promissory-note', 'liability:unapplied-receipts'))
group by p.account, p.contribution_id, p.currency having sum(p.amount) <> 0 or sum(p.base_amount) <> 0
