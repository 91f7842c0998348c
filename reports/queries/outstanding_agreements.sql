-- One row per grant agreement and kind of claim on its implementer: what is outstanding, in the book's currency. Kinds: advance, owed.
--   $as_of     last entry date
--   $known_at  UTC time or null: what was written not after it
-- Ordered by agreement, then kind.
select p.commitment_id, k.implementer, k.request_id, case p.account when 'asset:advance' then 'advance' else 'owed' end as claim, sum(p.base_amount) as outstanding
from report.postings p
join report.commitments k on k.commitment_id = p.commitment_id
where p.account in ('asset:advance', 'asset:receivable:implementer')
    and p.entry_date <= $as_of and ($known_at::timestamp is null or p.recorded_at <= $known_at::timestamp)
group by p.commitment_id, k.implementer, k.request_id, p.account
having sum(p.base_amount) <> 0
order by p.commitment_id, claim
