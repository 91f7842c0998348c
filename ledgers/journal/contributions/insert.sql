-- Adds the new contributions and the signed versions of pledges.
--   $on  $recorded_at  $log_id  $places  (of the book's currency)
insert into ledger.contribution
select
    s.contribution_id, s.next_version, s.agreement, s.donor_id, s.currency, s.amount,
    ledger.converted(s.amount, r.units_per_base, $places::integer), r.rate_id,
    s.signed_on, s.canonical, s.class, s.use_by, s.country_share_max, s.stage, s.interest, s.fee_percent, s.report_due, s.note,
    s.content_digest, s.terms_digest, case s.standing when 'signing' then 'signed' end, $recorded_at, $log_id,
    s.conditional, s.fee_schedule, coalesce(s.signed_on, $on::date)
from contribution_staged s
join rate_in_force r on r.currency = s.currency and r.on_date = coalesce(s.signed_on, $on::date)
where s.standing in ('new', 'signing')
order by s.contribution_id
