-- Every version of a contribution has the terms and the content that it was written with. One row a breach.
with termed as (
    select c.*, d.donor_kind, country.given as donor_country
    from ledger.contribution c join ledger.donor d using (donor_id)
    cross join lateral (select unnest([d.donor_country, null]) as given) country
    where c.contribution_id <> 'FACILITY'
),
digested as (
    select contribution_id, version, agreement, signed_on, stage, report_due, note, content_digest, terms_digest,
        ledger.contribution_conditioned(ledger.contribution_spanned(
            ledger.contribution_terms(donor_id, donor_kind, donor_country, currency, amount, earmark, use_by, country_share_max, interest, fee_percent),
            spend_from, spend_to), conditional, fee_schedule) as terms
    from termed left join ledger.contribution_span using (contribution_id, version)
)
select 'version ' || version || ' of contribution ' || contribution_id || ' is not as it was written' as finding
from digested
group by contribution_id, version
having not bool_or(terms = terms_digest and ledger.contribution_content(terms, agreement, signed_on, stage, report_due, note) = content_digest)
order by finding
