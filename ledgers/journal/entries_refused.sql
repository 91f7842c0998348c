-- What the book refuses in the staged movements before posting. One row a finding.
--   $base  the book's currency
select 'entry-conflict', 'error', k.file, k.line, 'reference', k.given,
    'entry ' || k.given || ' is already in the book with other content', 'give another movement another reference'
from entry_standing k where k.standing = 'conflict'
union all
select 'contribution-unknown', 'error', s.file, s.line, 'contribution_id', s.contribution_id,
    'the book has no contribution ' || s.contribution_id, 'correct the id, or leave it empty'
from staged s where s.contribution_id is not null and not exists (select 1 from ledger.contribution_now c where c.contribution_id = s.contribution_id)
union all
select 'request-unknown', 'error', s.file, s.line, 'request_id', s.request_id,
    'the book has no request ' || s.request_id, 'correct the id'
from staged s where s.request_id is not null and not exists (select 1 from ledger.request r where r.request_id = s.request_id)
union all
select 'currency-not-base', 'error', s.file, s.line, 'currency', s.currency,
    case when s.kind in ('interest', 'administration') then 'an ' else 'a ' end || s.kind || ' is booked in ' || $base, 'state the amount in ' || $base
from staged s where s.currency <> $base
union all
select 'movement-unclear', 'error', s.file, s.line, 'kind', s.kind,
    case s.kind
        when 'interest' then 'interest belongs to no request and no purpose'
        when 'administration' then 'an administrative decision has a purpose and no request'
        else 'a ' || s.kind || ' names either a request or the purpose of an administrative decision' end,
    'fill or empty request_id and purpose accordingly'
from staged s
where (s.kind = 'interest' and (s.request_id is not null or s.purpose is not null))
    or (s.kind = 'administration' and (s.request_id is not null or s.purpose is null))
    or (s.kind in ('cancellation', 'transfer') and (s.request_id is null) = (s.purpose is null))
union all
select 'nothing-allocated', 'error', s.file, s.line, case when s.request_id is null then 'purpose' else 'request_id' end, coalesce(s.request_id, s.purpose),
    'nothing is allocated to ' || coalesce(s.request_id, s.purpose), 'check the id; only an allocation can be cancelled or transferred'
from staged s join entry_standing k on k.file = s.file and k.line = s.line
where s.kind in ('cancellation', 'transfer') and k.standing = 'new' and (s.request_id is null) <> (s.purpose is null)
    and not exists (select 1 from entry_split x where x.reference = s.reference)
    and (s.request_id is null or exists (select 1 from ledger.request r where r.request_id = s.request_id))
union all
select 'id-differs-in-case', 'error', s.file, s.line, 'reference', s.reference,
    'the book has entry ' || substr(e.reference, 9) || ', which differs only in capitals', 'write ' || substr(e.reference, 9) || ', or choose another reference'
from staged s join ledger.entry e on lower(e.reference) = lower('entries|' || s.reference) and e.reference <> 'entries|' || s.reference
order by 3, 4, 5, 1, 7
