-- One row per contribution of a donor and grant agreement that its money is in, by stage, in the book's currency.
--   $donor_id
--   $as_of     last entry date
--   $known_at  UTC time or null: what was written not after it
-- Ordered by agreement, then contribution.
select p.commitment_id, k.request_id, k.implementer, k.ends_on, p.contribution_id,
    sum(case when p.account = 'budget:committed' then p.amount else 0 end) as committed,
    sum(case when p.account = 'budget:disbursed' then p.amount else 0 end) as disbursed,
    sum(case when p.account = 'expense:programme' then p.base_amount else 0 end) as spent,
    sum(case when p.account in ('asset:advance', 'asset:receivable:implementer') then p.base_amount else 0 end) as outside
from report.postings p
join report.commitments k on k.commitment_id = p.commitment_id
where p.donor_id = $donor_id and p.entry_date <= $as_of and ($known_at::timestamp is null or p.recorded_at <= $known_at::timestamp)
group by p.commitment_id, k.request_id, k.implementer, k.ends_on, p.contribution_id
order by p.commitment_id, p.contribution_id
