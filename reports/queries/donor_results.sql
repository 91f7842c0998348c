-- One row per indicator of a request that a donor pays for: the last report on it, and what part of the request's allocation is the donor's.
--   $donor_id
--   $as_of     last day of reporting and of entry
--   $known_at  UTC time or null: what was written not after it
-- Ordered by request, then indicator.
with allocated as (
    select request_id, sum(amount) as whole, sum(case when donor_id = $donor_id then amount else 0 end) as own
    from report.postings
    where account in ('budget:allocated', 'budget:allocated-uncollected', 'budget:committed', 'budget:disbursed') and request_id is not null
        and entry_date <= $as_of and ($known_at::timestamp is null or recorded_at <= $known_at::timestamp)
    group by request_id
),
latest as (
    select r.*, row_number() over (partition by r.request_id, r.indicator order by r.reported_on desc) as place
    from report.results r
    left join report.log l on l.log_id = r.log_id
    where r.reported_on <= $as_of and ($known_at::timestamp is null or l.recorded_at <= $known_at::timestamp)
)
select k.request_id, k.title, k.indicator, k.unit, k.baseline, k.target, k.actual, k.reported_on, k.source, a.own, a.whole
from latest k
join allocated a on a.request_id = k.request_id
where k.place = 1 and a.own > 0
order by k.request_id, k.indicator
