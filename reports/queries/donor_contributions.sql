-- One row per contribution of a donor, with its money by stage in the book's currency.
--   $donor_id
--   $as_of     last entry date
--   $known_at  UTC time or null: what was written not after it
-- Ordered by day of signing, then contribution.
select
    c.contribution_id, c.agreement, c.stage, c.signed_on, c.currency, c.amount, c.base_amount, c.rate_date, c.earmark, c.earmark_class, c.use_by,
    coalesce(m.pledged, 0) as pledged, coalesce(m.signed, 0) as signed, coalesce(m.received, 0) as received,
    coalesce(m.receivable, 0) as receivable, coalesce(m.available, 0) as available, coalesce(m.allocated, 0) as allocated,
    coalesce(m.administration, 0) as administration, coalesce(m.disbursed, 0) as disbursed
from report.contributions c
left join (
    select
        contribution_id,
        sum(case when account = 'memo:pledge' then base_amount else 0 end) as pledged,
        sum(case when account = 'income:contribution' then -base_amount else 0 end) as signed,
        sum(case when account like 'asset:cash:%' and kind = 'deposit' then base_amount else 0 end) as received,
        sum(case when account = 'asset:receivable' then base_amount else 0 end) as receivable,
        sum(case when account = 'budget:available' then amount else 0 end) as available,
        sum(case when account in ('budget:allocated', 'budget:allocated-uncollected', 'budget:committed', 'budget:disbursed')
            and request_id is not null then amount else 0 end) as allocated,
        sum(case when account in ('budget:allocated', 'budget:allocated-uncollected', 'budget:committed', 'budget:disbursed')
            and request_id is null then amount else 0 end) as administration,
        sum(case when account = 'budget:disbursed' then amount else 0 end) as disbursed
    from report.postings
    where entry_date <= $as_of and ($known_at::timestamp is null or recorded_at <= $known_at::timestamp)
    group by contribution_id
) m on m.contribution_id = c.contribution_id
where c.donor_id = $donor_id
order by c.signed_on nulls last, c.contribution_id
