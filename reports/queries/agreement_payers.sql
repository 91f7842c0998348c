-- The contributions whose money a grant agreement is, in order: what each has still to disburse, disbursed and spent on it, in the book's currency.
--   $commitment_id
select p.contribution_id, c.donor, coalesce(sum(p.amount) filter (p.account = 'budget:committed'), 0)::decimal(38, 4) as committed,
    coalesce(sum(p.amount) filter (p.account = 'budget:disbursed'), 0)::decimal(38, 4) as disbursed,
    coalesce(sum(p.amount) filter (p.account = 'expense:programme'), 0)::decimal(38, 4) as spent
from report.postings p left join report.contributions c using (contribution_id)
where p.commitment_id = $commitment_id
group by p.contribution_id, c.donor
order by p.contribution_id
