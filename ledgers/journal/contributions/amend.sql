-- Adds a new version of one contribution with other terms or another amount; what is posted stands. A new amount is worth what the old one was and what
-- `amendment` says of the difference.
--   $contribution_id  $earmark  $earmark_class  $use_by  $spend_from  $spend_to  $amount  $on  $reason  $recorded_at  $log_id    `amendment`
insert into ledger.contribution
with changed as (
    select c.* exclude (spend_from, spend_to) replace (
            $earmark::varchar as earmark, $earmark_class::varchar as earmark_class, $use_by::date as use_by, $amount::decimal(18, 4) as amount,
            (c.base_amount + m.base_signed)::decimal(18, 4) as base_amount),
        d.donor_kind, d.donor_country
    from ledger.contribution_now c join ledger.donor d using (donor_id) join amendment m using (contribution_id)
    where c.contribution_id = $contribution_id
),
termed as (
    select *, ledger.contribution_conditioned(ledger.contribution_spanned(
        ledger.contribution_terms(donor_id, donor_kind, donor_country, currency, amount, earmark, use_by, country_share_max, interest, fee_percent),
        $spend_from::date, $spend_to::date), conditional, fee_schedule) as new_terms
    from changed
)
select contribution_id, version + 1, agreement, donor_id, currency, amount, base_amount, rate_id, signed_on, earmark, earmark_class, use_by,
    country_share_max, stage, interest, fee_percent, report_due, note,
    ledger.contribution_content(new_terms, agreement, signed_on, stage, report_due, note), new_terms, $reason, $recorded_at, $log_id,
    conditional, fee_schedule, $on::date
from termed
