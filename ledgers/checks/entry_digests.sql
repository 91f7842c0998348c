-- Every entry's digest is that of its content, and no line stands outside an entry. One row a breach.
with content as (
    select
        e.entry_id, e.digest,
        sha256(
            concat_ws('|', e.reference, e.kind, e.entry_date::varchar, coalesce(e.purpose, ''), e.narration) || '|'
            || string_agg(
                concat_ws(':', p.line, p.account, p.currency, p.amount::varchar, p.base_amount::varchar, coalesce(p.contribution_id, ''),
                    coalesce(p.request_id, ''), coalesce(p.party_id, ''), p.commitment_id), ';' order by p.line
            )
        ) as recomputed
    from ledger.entry e join ledger.posting p using (entry_id)
    group by e.entry_id, e.digest, e.reference, e.kind, e.entry_date, e.purpose, e.narration
)
select 'entry ' || entry_id || ' is not what was posted' as finding from content where digest <> recomputed
union all
select 'a line stands on entry ' || p.entry_id || ', which does not exist' from ledger.posting p anti join ledger.entry e using (entry_id)
union all
select 'entry ' || e.entry_id || ' has no lines' from ledger.entry e anti join ledger.posting p using (entry_id)
order by finding
