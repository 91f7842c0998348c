-- One row per grant agreement under an audit flag.
--   $on  the day
-- Ordered by the day of the flag.
with raised as (
    select commitment_id, arg_max(decided_on, recorded_at) as since, arg_max(reason, recorded_at) as reason
    from report.grant_decisions where decision = 'audit flag raised' group by commitment_id
)
select 'audit flag' as what, k.commitment_id as subject, r.since, k.committed as amount, k.book_currency as currency, r.reason as detail,
    'facility grant unflag ' || k.commitment_id || ' --reason ...' as command
from report.commitments k
join raised r on r.commitment_id = k.commitment_id
where k.is_flagged and r.since <= $on
order by r.since, k.commitment_id
