-- One row per entry and contribution that its postings name, with the version of its terms: the one that the entry's round froze or, for other
-- entries, the last one written before it.
--   $entry_ids  list of the entries' numbers
-- Ordered by entry and contribution.
with named as (
    select distinct p.entry_id, p.contribution_id, e.recorded_at, e.reference
    from report.entry_lines p
    join report.entries e on e.entry_id = p.entry_id
    where p.entry_id in (select unnest($entry_ids::bigint[])) and p.contribution_id is not null
),
in_force as (
    select n.entry_id, n.contribution_id, max(v.version) as version
    from named n
    join report.contribution_versions v on v.contribution_id = n.contribution_id and v.recorded_at <= n.recorded_at
    group by n.entry_id, n.contribution_id
),
frozen as (
    select n.entry_id, n.contribution_id, f.version, f.round_id
    from named n
    join report.awards a on n.reference = 'allocation|' || a.round_id || '|' || a.request_id
    join report.rounds r on r.round_id = a.round_id and r.decision_posted = a.decision
    join report.round_contributions f on f.round_id = a.round_id and f.contribution_id = n.contribution_id
)
select
    i.entry_id, i.contribution_id, v.version, f.round_id, v.stage, v.donor, v.donor_kind, v.agreement, v.signed_on, v.currency, v.amount, v.earmark,
    v.earmark_class, v.use_by, v.spend_from, v.spend_to, v.country_share_max, v.recorded_at, v.recorded_by
from in_force i
left join frozen f on f.entry_id = i.entry_id and f.contribution_id = i.contribution_id
join report.contribution_versions v on v.contribution_id = i.contribution_id and v.version = coalesce(f.version, i.version)
order by i.entry_id, i.contribution_id
