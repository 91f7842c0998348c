-- One row per implementer, and one for transfers without an agreement: what went to it, what it spent and gave back, what it holds, in the book's currency.
--   $as_of     last entry date
--   $known_at  UTC time or null: what was written not after it
-- Ordered by the largest balance, then implementer; transfers without an agreement last.
select k.implementer, count(distinct p.commitment_id) as agreements,
    sum(case when p.account = 'asset:advance' and p.counts_as = 'disbursement' then p.base_amount
        when p.counts_as = 'opening' then p.base_amount
        when p.account = 'expense:transfer' then p.base_amount else 0 end) as transferred,
    sum(case when p.account in ('expense:programme', 'expense:transfer') then p.base_amount else 0 end) as spent,
    sum(case when p.account = 'asset:advance' and p.counts_as = 'refund' then -p.base_amount
        when p.account = 'asset:receivable:implementer' and p.counts_as = 'recovery' then -p.base_amount else 0 end) as given_back,
    sum(case when p.account in ('asset:advance', 'asset:receivable:implementer') then p.base_amount else 0 end) as balance,
    sum(case when p.account = 'asset:receivable:implementer' then p.base_amount else 0 end) as owed
from report.postings p
left join report.commitments k on k.commitment_id = p.commitment_id
where p.entry_date <= $as_of and ($known_at::timestamp is null or p.recorded_at <= $known_at::timestamp)
    and (p.account in ('asset:advance', 'asset:receivable:implementer', 'expense:programme')
        or (p.account = 'expense:transfer' and p.request_id is not null))
group by k.implementer
order by k.implementer is null, balance desc, k.implementer
