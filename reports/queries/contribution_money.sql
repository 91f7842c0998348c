-- One row per contribution with postings, the facility's own line among them: its money by stage, in the book's currency.
--   $donor_id  whose; null: everyone's
--   $as_of     last entry date
--   $known_at  UTC time or null: what was written not after it
-- Ordered by contribution.
select
    p.contribution_id, c.donor_id, c.donor, c.donor_kind,
    sum(case when p.account = 'memo:pledge' then p.base_amount else 0 end) as pledged,
    sum(case when p.account = 'memo:in-kind' then p.base_amount else 0 end) as in_kind,
    sum(case when p.account in ('income:contribution', 'liability:deferred-contribution') then -p.base_amount else 0 end) as signed,
    sum(case when p.account = 'liability:deferred-contribution' then -p.base_amount else 0 end) as deferred,
    sum(case when p.account in ('income:exchange', 'expense:exchange') and p.contribution_id <> 'FACILITY' then -p.base_amount else 0 end) as exchange,
    sum(case when p.account in ('income:exchange', 'expense:exchange') and p.contribution_id = 'FACILITY' then -p.base_amount else 0 end) as cash_exchange,
    sum(case when p.account = 'liability:unapplied-receipts' and p.counts_as = 'revaluation' then p.base_amount else 0 end) as unapplied_exchange,
    sum(case when p.account = 'asset:receivable' then p.base_amount else 0 end) as receivable,
    sum(case when p.account = 'asset:promissory-note' then p.base_amount else 0 end) as notes,
    sum(case when p.account = 'expense:write-off' then p.base_amount else 0 end) as written_off,
    sum(case when p.account = 'liability:unapplied-receipts' then -p.base_amount else 0 end) as unapplied,
    sum(case when p.account like 'asset:cash:%' and p.counts_as = 'deposit' then p.base_amount else 0 end) as received,
    sum(case when p.account like 'asset:cash:%' and p.counts_as = 'bounce' then -p.base_amount else 0 end) as bounced,
    sum(case when p.counts_as = 'application' and p.account in ('liability:unapplied-receipts', 'asset:receivable', 'asset:promissory-note', 'income:exchange', 'expense:exchange')
        then -p.base_amount else 0 end) as elsewhere,
    sum(case when p.counts_as = 'opening' and p.account in ('asset:receivable', 'asset:promissory-note', 'liability:unapplied-receipts') then -p.base_amount else 0 end) as opened,
    sum(case when p.counts_as = 'opening' and p.account in ('asset:receivable', 'asset:promissory-note', 'budget:available', 'budget:conditional', 'budget:allocated',
        'budget:committed', 'budget:disbursed') then p.base_amount else 0 end) as used_before,
    sum(case when p.account like 'income:interest%' then -p.base_amount else 0 end) as interest,
    sum(case when p.account = 'expense:fee:administration' then p.base_amount else 0 end) as fees,
    sum(case when p.account = 'expense:fee:bank' then p.base_amount else 0 end) as bank_charges,
    sum(case when p.account = 'income:contribution:returned' then p.base_amount else 0 end) as returned,
    sum(case when p.account = 'liability:donor-refund' then -p.base_amount else 0 end) as owed,
    sum(case when p.account = 'budget:available' then p.base_amount else 0 end) as available,
    sum(case when p.account = 'budget:conditional' then p.base_amount else 0 end) as conditional,
    sum(case when p.account in ('budget:allocated', 'budget:allocated-uncollected', 'budget:committed', 'budget:disbursed')
        and p.request_id is not null then p.base_amount else 0 end) as allocated,
    sum(case when p.account in ('budget:allocated', 'budget:allocated-uncollected', 'budget:committed', 'budget:disbursed')
        and p.request_id is null then p.base_amount else 0 end) as administration,
    sum(case when p.account = 'budget:allocated-uncollected' then p.base_amount else 0 end) as uncollected,
    sum(case when p.account = 'budget:committed' then p.base_amount else 0 end) as committed,
    sum(case when p.account = 'budget:disbursed' then p.base_amount else 0 end) as disbursed,
    sum(case when p.account = 'expense:programme' or (p.account = 'expense:transfer' and p.request_id is not null) then p.base_amount else 0 end) as spent,
    sum(case when p.account in ('asset:advance', 'asset:receivable:implementer') then p.base_amount else 0 end) as outside
from report.postings p
join report.contributions c on c.contribution_id = p.contribution_id
where p.entry_date <= $as_of and ($known_at::timestamp is null or p.recorded_at <= $known_at::timestamp)
    and ($donor_id::varchar is null or c.donor_id = $donor_id::varchar)
group by p.contribution_id, c.donor_id, c.donor, c.donor_kind
order by p.contribution_id
