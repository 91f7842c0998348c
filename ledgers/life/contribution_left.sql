-- What stands against the closing of a contribution, in words and amounts of the book's currency: one row a balance that is not zero, in order.
--   $contribution_id
with balance as (
    select account, sum(case when account like 'liability:%' then -base_amount else base_amount end) as amount, sum(amount) as own from ledger.posting
    where contribution_id = $contribution_id and account in ('asset:receivable', 'asset:promissory-note', 'asset:advance', 'asset:receivable:implementer', 'liability:unapplied-receipts',
        'liability:deferred-contribution', 'liability:fee', 'liability:donor-refund', 'budget:available', 'budget:conditional', 'budget:allocated',
        'budget:allocated-uncollected', 'budget:committed')
    group by account
)
select w.words, b.amount
from balance b join (values
    ('asset:receivable', 'not yet received', 1), ('asset:promissory-note', 'in promissory notes', 2), ('liability:unapplied-receipts', 'received and not applied', 3),
    ('liability:deferred-contribution', 'under conditions', 4), ('budget:conditional', 'received under conditions', 5), ('budget:available', 'available', 6),
    ('budget:allocated', 'allocated', 7), ('budget:allocated-uncollected', 'allocated and not received', 8), ('budget:committed', 'committed', 9),
    ('asset:advance', 'in the hands of implementers', 10), ('asset:receivable:implementer', 'owed by implementers', 11), ('liability:fee', 'owed in fees', 12),
    ('liability:donor-refund', 'owed to the donor', 13)
) w(account, words, place) using (account)
where b.amount <> 0 or b.own <> 0
order by w.place
