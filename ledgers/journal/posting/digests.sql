-- The content of each new entry as one SHA-256: the same reference with the same digest is already there.
create or replace temp table new_digest as
select
    n.reference,
    sha256(
        concat_ws('|', n.reference, n.kind, n.entry_date::varchar, coalesce(n.purpose, ''), n.narration)
        || '|'
        || string_agg(
            concat_ws(
                ':', p.line, p.account, p.currency, p.amount::varchar, p.base_amount::varchar,
                coalesce(p.contribution_id, ''), coalesce(p.request_id, ''), coalesce(p.party_id, ''), p.commitment_id
            ), ';' order by p.line
        )
    ) as digest
from new_entry n join new_posting p using (reference)
group by n.reference, n.kind, n.entry_date, n.purpose, n.narration
