-- One row per contribution and grant agreement that holds its money unspent, in the book's currency.
--   $as_of     last entry date
--   $known_at  UTC time or null: what was written not after it
-- Ordered by contribution, then agreement.
select p.contribution_id, p.commitment_id, k.implementer, k.request_id, k.ends_on,
    sum(case when p.account = 'budget:committed' then p.amount else 0 end) as committed,
    sum(case when p.account in ('asset:advance', 'asset:receivable:implementer') then p.base_amount else 0 end) as outside
from report.postings p
join report.commitments k on k.commitment_id = p.commitment_id
where p.contribution_id is not null and p.account in ('budget:committed', 'asset:advance', 'asset:receivable:implementer')
    and p.entry_date <= $as_of and ($known_at::timestamp is null or p.recorded_at <= $known_at::timestamp)
group by p.contribution_id, p.commitment_id, k.implementer, k.request_id, k.ends_on
having committed <> 0 or outside <> 0
order by p.contribution_id, p.commitment_id
