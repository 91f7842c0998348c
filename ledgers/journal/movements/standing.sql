-- What each movement of a batch is to the book: new, already there with the same content, or in conflict with what is there. Books of earlier
-- versions keep no row of a movement; its entry then tells its day, kind, words and whole amount.
--   `movement`: file, line, id_column, movement_id, reference, kind, entry_date, currency, amount, given_base, contribution_id, request_id, commitment_id, party_id,
--   tranche, purpose, narration, bank, note, extra; the content is over every cell that was given
create or replace temp table movement_standing as
with content as (
    select *, sha256(concat_ws('|', kind, entry_date::varchar, currency, amount::decimal(18, 4)::varchar, coalesce(given_base::varchar, ''), coalesce(contribution_id, ''),
        coalesce(request_id, ''), coalesce(commitment_id, ''), coalesce(party_id, ''), coalesce(tranche::varchar, ''), coalesce(purpose, ''), narration, coalesce(bank, ''),
        coalesce(note, ''), coalesce(extra, ''))) as content_digest
    from movement
),
earlier as (
    select e.entry_id, e.reference,
        sum(p.amount) filter (p.account = case e.kind when 'administration' then 'budget:allocated' when 'transfer' then 'budget:disbursed' else 'budget:available' end) as amount,
        any_value(p.request_id) as request_id, min(p.contribution_id) as first_contribution, max(p.contribution_id) as last_contribution
    from ledger.entry e join content c using (reference) join ledger.posting p using (entry_id)
    where not exists (select 1 from ledger.movement k where k.entry_id = e.entry_id)
    group by e.entry_id, e.reference, e.kind
)
select c.*, e.entry_id as known_entry_id,
    case
        when e.reference is null then 'new'
        when k.content_digest = c.content_digest then 'already'
        when k.entry_id is null and e.kind = c.kind and e.entry_date = c.entry_date and e.narration = c.narration and e.purpose is not distinct from c.purpose
            and b.amount = c.amount and b.request_id is not distinct from c.request_id
            and (c.contribution_id is null or (b.first_contribution = c.contribution_id and b.last_contribution = c.contribution_id)) then 'already'
        else 'conflict'
    end as standing
from content c
left join ledger.entry e using (reference)
left join ledger.movement k on k.entry_id = e.entry_id
left join earlier b on b.entry_id = e.entry_id
