-- One row per contribution that the round froze, with what it pays under a decision.
--   $round_id  $decision (or null: nothing is paid)
-- Ordered by donor, then contribution.
select
    f.contribution_id, f.donor, f.donor_kind, f.earmark_class, f.earmark, f.use_by, f.available, f.receivable, coalesce(p.paid, 0)::decimal(38, 4) as paid,
    f.available - coalesce(p.paid, 0)::decimal(38, 4) as unspent, coalesce(p.requests, 0) as requests, v.note
from report.round_contributions f
left join (
    select contribution_id, sum(amount) as paid, count(*) as requests
    from report.award_payments
    where round_id = $round_id and decision = $decision
    group by contribution_id
) p on p.contribution_id = f.contribution_id
left join report.contribution_versions v on v.contribution_id = f.contribution_id and v.version = f.version
where f.round_id = $round_id
order by f.donor, f.contribution_id
