-- Every staged contribution with its digests and what it is to the book: new, already, signing or conflict.
--   `staged`: typed rows with `file`, `line`; `staged_terms(earmark, canonical, class)`.
create or replace temp table contribution_staged as
with content as (
    select
        s.*, t.canonical, t.class,
        ledger.contribution_conditioned(ledger.contribution_spanned(ledger.contribution_terms(s.donor_id, s.donor_kind, s.donor_country, s.currency, s.amount,
            t.canonical, s.use_by, s.country_share_max, s.interest, s.fee_percent), s.spend_from, s.spend_to), s.conditional, s.fee_schedule) as terms_digest
    from staged s join staged_terms t on t.earmark = coalesce(s.earmark, '')
),
digested as (
    select *, ledger.contribution_content(terms_digest, agreement, signed_on, stage, report_due, note) as content_digest
    from content
)
select
    d.*,
    case
        when n.contribution_id is null then 'new'
        when exists (select 1 from ledger.contribution v where v.contribution_id = d.contribution_id and v.content_digest = d.content_digest) then 'already'
        when n.stage = 'pledge' and d.stage = 'agreement' and n.terms_digest = d.terms_digest then 'signing'
        else 'conflict'
    end as standing,
    coalesce(n.version, 0) + 1 as next_version
from digested d left join ledger.contribution_now n using (contribution_id)
