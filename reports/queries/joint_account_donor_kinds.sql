-- One row per donor kind: its money by stage, in the book's currency. Interest stands on the facility's own line unless it was credited to a contribution.
--   $as_of     last entry date
--   $known_at  UTC time or null: what was written not after it
-- Ordered by donor kind.
select
    c.donor_kind, count(distinct c.donor_id) as donors,
    sum(case when p.account = 'memo:pledge' then p.base_amount else 0 end) as pledged,
    sum(case when p.account = 'income:contribution' then -p.base_amount else 0 end) as signed,
    sum(case when p.account in ('income:exchange', 'expense:exchange') then -p.base_amount else 0 end) as exchange,
    sum(case when p.account = 'asset:receivable' then p.base_amount else 0 end) as receivable,
    sum(case when p.account = 'liability:unapplied-receipts' then -p.base_amount else 0 end) as unapplied,
    sum(case when p.account like 'asset:cash:%' and p.kind = 'deposit' then p.base_amount else 0 end) as received,
    sum(case when p.account = 'income:interest' then -p.base_amount else 0 end) as interest,
    sum(case when p.account in ('budget:allocated', 'budget:allocated-uncollected', 'budget:committed', 'budget:disbursed')
        and p.request_id is not null then p.amount else 0 end) as allocated,
    sum(case when p.account in ('budget:allocated', 'budget:allocated-uncollected', 'budget:committed', 'budget:disbursed')
        and p.request_id is null then p.amount else 0 end) as administration,
    sum(case when p.account = 'budget:allocated-uncollected' then p.amount else 0 end) as uncollected,
    sum(case when p.account = 'budget:available' then p.amount else 0 end) as available
from report.postings p
join report.contributions c on c.contribution_id = p.contribution_id
where p.entry_date <= $as_of and ($known_at::timestamp is null or p.recorded_at <= $known_at::timestamp)
group by c.donor_kind
order by c.donor_kind
