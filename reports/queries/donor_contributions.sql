-- One row per contribution of a donor: its terms as they were in force, and its money by stage in the book's currency.
--   $donor_id
--   $as_of     last entry date
--   $terms_on  day on which the terms are read; null: their latest version
--   $known_at  UTC time or null: what was written not after it
-- Ordered by day of signing, then contribution.
with version as (
    select
        v.*,
        row_number() over (partition by v.contribution_id
            order by case when $terms_on::date is null or v.counts_from is null or v.counts_from <= $terms_on::date then v.version else -v.version end desc) as place
    from report.contribution_versions v
    where v.donor_id = $donor_id and ($known_at::timestamp is null or v.recorded_at <= $known_at::timestamp)
),
money as (
    select
        contribution_id,
        sum(case when account = 'memo:pledge' then base_amount else 0 end) as pledged,
        sum(case when account = 'income:contribution' then -base_amount else 0 end) as signed,
        sum(case when account in ('income:exchange', 'expense:exchange') then -base_amount else 0 end) as exchange,
        sum(case when account = 'asset:receivable' then base_amount else 0 end) as receivable,
        sum(case when account = 'liability:unapplied-receipts' then -base_amount else 0 end) as unapplied,
        sum(case when account like 'asset:cash:%' and kind = 'deposit' then base_amount else 0 end) as received,
        sum(case when account = 'income:interest' then -base_amount else 0 end) as interest,
        sum(case when account = 'budget:available' then amount else 0 end) as available,
        sum(case when account in ('budget:allocated', 'budget:allocated-uncollected', 'budget:committed', 'budget:disbursed')
            and request_id is not null then amount else 0 end) as allocated,
        sum(case when account in ('budget:allocated', 'budget:allocated-uncollected', 'budget:committed', 'budget:disbursed')
            and request_id is null then amount else 0 end) as administration,
        sum(case when account = 'budget:allocated-uncollected' then amount else 0 end) as uncollected,
        sum(case when account = 'budget:disbursed' then amount else 0 end) as disbursed
    from report.postings
    where entry_date <= $as_of and ($known_at::timestamp is null or recorded_at <= $known_at::timestamp)
    group by contribution_id
)
select
    c.contribution_id, c.version, c.agreement, c.stage, c.signed_on, c.currency, c.amount, c.base_amount, c.rate_date, c.earmark, c.earmark_class,
    c.use_by, c.note, coalesce(m.pledged, 0) as pledged, coalesce(m.signed, 0) as signed, coalesce(m.exchange, 0) as exchange,
    coalesce(m.receivable, 0) as receivable, coalesce(m.unapplied, 0) as unapplied, coalesce(m.received, 0) as received,
    coalesce(m.interest, 0) as interest, coalesce(m.available, 0) as available, coalesce(m.allocated, 0) as allocated,
    coalesce(m.administration, 0) as administration, coalesce(m.uncollected, 0) as uncollected, coalesce(m.disbursed, 0) as disbursed
from version c
left join money m on m.contribution_id = c.contribution_id
where c.place = 1 and (c.signed_on is null or c.signed_on <= $as_of or m.contribution_id is not null)
order by c.signed_on nulls last, c.contribution_id
