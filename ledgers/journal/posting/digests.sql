-- The content of each new entry from $low to $high as one SHA-256, over its own cells and its lines in order. An entry without lines has none, and the journal then refuses the
-- batch: nothing that was to be posted is ever left out in silence.
create or replace temp table digest_in as
with lines as (
    select entry_id, list_sort(list({'line': line, 'cells': concat_ws(':', line, account, currency, amount::varchar, base_amount::varchar, coalesce(contribution_id, ''),
        coalesce(request_id, ''), coalesce(party_id, ''), commitment_id)})) as lines
    from posting_in group by entry_id
)
select n.entry_id,
    sha256(concat_ws('|', n.reference, n.kind, n.entry_date::varchar, coalesce(n.purpose, ''), n.narration) || '|'
        || array_to_string(list_transform(l.lines, lambda x: x.cells), ';')) as digest
from entry_in n left join lines l using (entry_id)
where n.entry_id between $low and $high
