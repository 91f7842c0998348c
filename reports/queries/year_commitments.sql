-- One row per grant agreement with something outstanding: committed and not disbursed, held by the implementer, owed by it, in the book's currency.
--   $as_of     last entry date
--   $known_at  UTC time or null: what was written not after it
-- Ordered by agreement.
select p.commitment_id, k.implementer, k.request_id, k.signed_on, k.ends_on,
    sum(case when p.account = 'budget:committed' then p.base_amount else 0 end) as committed,
    sum(case when p.account = 'asset:advance' then p.base_amount else 0 end) as advance,
    sum(case when p.account = 'asset:receivable:implementer' then p.base_amount else 0 end) as owed
from report.postings p
join report.commitments k on k.commitment_id = p.commitment_id
where p.entry_date <= $as_of and ($known_at::timestamp is null or p.recorded_at <= $known_at::timestamp)
group by p.commitment_id, k.implementer, k.request_id, k.signed_on, k.ends_on
having committed <> 0 or advance <> 0 or owed <> 0
order by p.commitment_id
