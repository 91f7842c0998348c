-- What each new entry is to the book: new, already (same reference, same content) or conflict.
create or replace temp table entry_standing as
select s.file, s.line, s.reference as given, s.request_id, s.purpose, s.kind, 'entries|' || s.reference as reference,
    case when e.reference is null then 'new' when e.digest = d.digest then 'already' else 'conflict' end as standing
from staged s left join new_digest d on d.reference = 'entries|' || s.reference left join ledger.entry e on e.reference = 'entries|' || s.reference
