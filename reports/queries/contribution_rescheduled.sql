-- The instalments of a contribution that others have replaced, in order of version and day.
--   $contribution_id
select v.version, next.counts_from as counts_until, v.due_on, v.currency, v.amount
from report.instalment_versions v
join (select distinct contribution_id, version, counts_from from report.instalment_versions) next
    on next.contribution_id = v.contribution_id and next.version = v.version + 1
where v.contribution_id = $contribution_id and not v.is_latest
order by v.version, v.due_on
