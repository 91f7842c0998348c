-- One row per contribution with postings: revenue and cash of the year, and what stands at its end, in the book's currency.
--   $prior     end of last year
--   $as_of     last entry date of the year
--   $known_at  UTC time or null: what was written not after it
-- Ordered by donor, then contribution.
select p.contribution_id, c.donor, c.earmark_class, c.earmark, c.currency, c.conditional, c.stage,
    coalesce(sum(case when p.account = 'income:contribution' then -p.base_amount end) filter (p.entry_date > $prior), 0) as revenue,
    coalesce(sum(case when p.account = 'income:contribution:returned' then p.base_amount end) filter (p.entry_date > $prior), 0) as returned,
    coalesce(sum(case when p.account like 'asset:cash:%' and p.counts_as in ('deposit', 'bounce') then p.base_amount end) filter (p.entry_date > $prior), 0) as received,
    coalesce(sum(case when p.account like 'income:%' or p.account like 'expense:%' or p.account = 'equity:opening' then -p.base_amount end) filter (p.entry_date <= $prior), 0) as net_opening,
    sum(case when p.account like 'income:%' or p.account like 'expense:%' or p.account = 'equity:opening' then -p.base_amount else 0 end) as net_closing,
    sum(case when p.account in ('asset:receivable', 'asset:promissory-note') then p.base_amount else 0 end) as receivable,
    sum(case when p.account = 'liability:deferred-contribution' then -p.base_amount else 0 end) as deferred,
    sum(case when p.account = 'liability:deferred-contribution' then -p.amount else 0 end) as deferred_amount,
    sum(case when p.account = 'memo:pledge' then p.base_amount else 0 end) as pledged,
    sum(case when p.account = 'memo:in-kind' then p.base_amount else 0 end) as in_kind
from report.postings p
join report.contributions c on c.contribution_id = p.contribution_id
where p.entry_date <= $as_of and ($known_at::timestamp is null or p.recorded_at <= $known_at::timestamp)
group by p.contribution_id, c.donor, c.earmark_class, c.earmark, c.currency, c.conditional, c.stage
order by c.donor, p.contribution_id
