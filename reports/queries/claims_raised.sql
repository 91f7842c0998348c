-- One row per entry, net of what took it back, by which an implementer came to hold or to owe money: disbursements, disallowances, openings.
--   $as_of     last entry date
--   $known_at  UTC time or null: what was written not after it
-- Ordered by agreement, then kind, then day.
select p.commitment_id, case p.account when 'asset:advance' then 'advance' else 'owed' end as claim, coalesce(m.entry_id, p.entry_id) as entry_id,
    min(p.entry_date) as raised_on, sum(p.base_amount) as amount
from report.postings p
left join report.movements m on m.taken_back_by = p.entry_id
where ((p.account = 'asset:advance' and p.counts_as in ('disbursement', 'opening'))
        or (p.account = 'asset:receivable:implementer' and p.counts_as in ('disallowance', 'opening')))
    and p.commitment_id is not null
    and p.entry_date <= $as_of and ($known_at::timestamp is null or p.recorded_at <= $known_at::timestamp)
group by p.commitment_id, claim, coalesce(m.entry_id, p.entry_id)
having sum(p.base_amount) > 0
order by p.commitment_id, claim, raised_on, entry_id
