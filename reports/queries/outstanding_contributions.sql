-- One row per contribution with something receivable, noted or announced: what is outstanding, in its currency and in the book's, and what covers its instalments.
--   $as_of     last entry date
--   $known_at  UTC time or null: what was written not after it
-- Ordered by contribution.
with money as (
    select contribution_id,
        sum(case when account = 'asset:receivable' then amount else 0 end) as receivable,
        sum(case when account = 'asset:receivable' then base_amount else 0 end) as base_receivable,
        sum(case when account = 'asset:receivable' and counts_as not in ('signing', 'amendment') then -amount else 0 end) as covered,
        sum(case when account = 'asset:promissory-note' then amount else 0 end) as notes,
        sum(case when account = 'asset:promissory-note' then base_amount else 0 end) as base_notes,
        min(entry_date) filter (account = 'asset:promissory-note' and amount > 0) as noted_on,
        sum(case when account in ('asset:receivable', 'asset:promissory-note') and counts_as <> 'revaluation' then base_amount else 0 end) as base_expected,
        sum(case when account = 'memo:pledge' then amount else 0 end) as pledged,
        sum(case when account = 'memo:pledge' then base_amount else 0 end) as base_pledged,
        sum(case when account = 'budget:available' then amount else 0 end) as available,
        sum(case when account = 'budget:allocated-uncollected' then amount else 0 end) as uncollected,
        sum(case when account = 'budget:resource' and counts_as in ('deposit', 'bounce', 'application') then -amount else 0 end) as base_came
    from report.postings
    where contribution_id is not null and entry_date <= $as_of and ($known_at::timestamp is null or recorded_at <= $known_at::timestamp)
    group by contribution_id
)
select m.*, c.donor, c.currency, c.signed_on, c.stage, c.conditional, c.fee_percent, c.fee_schedule
from money m
join report.contributions c on c.contribution_id = m.contribution_id
order by m.contribution_id
