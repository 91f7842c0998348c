-- What the book refuses in the staged movements of an entries file, besides what every movement is refused for. One row a finding.
--   $base  the book's currency
select 'movement-unclear', 'error', m.file, m.line, 'kind', m.kind,
    case
        when m.kind in ('administration') then 'an administrative decision has a purpose and no request'
        when m.kind = 'direct-cost' then 'a direct cost has the purpose of an administrative decision and no request'
        when m.kind = 'lapse' then 'what lapses was allocated to a request'
        when m.kind in ('cancellation', 'transfer') then 'a ' || m.kind || ' names either a request or the purpose of an administrative decision'
        when m.kind = 'interest' then 'interest belongs to no request and no purpose'
        else replace(m.kind, '-', ' ') || ' belongs to no request and no purpose' end,
    'fill or empty request_id and purpose accordingly'
from movement m
where (m.kind in ('interest', 'implementer-interest', 'bank-charge', 'fee-payment') and (m.request_id is not null or m.purpose is not null))
    or (m.kind in ('administration', 'direct-cost') and (m.request_id is not null or m.purpose is null))
    or (m.kind = 'lapse' and (m.request_id is null or m.purpose is not null))
    or (m.kind in ('cancellation', 'transfer') and (m.request_id is null) = (m.purpose is null))
union all
select 'movement-unclear', 'error', m.file, m.line, 'contribution_id', m.contribution_id, 'charges of banks fall on the facility''s own line, never on a donor''s', 'leave contribution_id empty'
from movement m where m.kind = 'bank-charge' and m.contribution_id <> 'FACILITY'
union all
select 'fees-exceeded', 'error', m.file, m.line, 'amount', m.amount::varchar,
    'of the fees charged to ' || m.contribution_id || ' ' || ledger.printed(coalesce(f.owed, 0), $base) || ' is owed, and ' || ledger.printed(t.asked, $base) || ' would be paid out', 'correct the amount, or leave contribution_id empty'
from entry_in m
join (select contribution_id, sum(base_amount) as asked from entry_in where kind = 'fee-payment' and contribution_id is not null group by contribution_id) t using (contribution_id)
left join (select contribution_id, -sum(amount) as owed from ledger.posting where account = 'liability:fee' group by contribution_id) f using (contribution_id)
where m.kind = 'fee-payment' and t.asked > coalesce(f.owed, 0)
union all
select 'nothing-allocated', 'error', m.file, m.line, case when m.request_id is null then 'purpose' else 'request_id' end, coalesce(m.request_id, m.purpose),
    'nothing is allocated to ' || coalesce(m.request_id, m.purpose), 'check the id; only an allocation can be cancelled or transferred'
from movement_standing m
where m.kind in ('cancellation', 'transfer', 'direct-cost') and m.standing = 'new' and (m.request_id is null) <> (m.purpose is null)
    and m.contribution_id is null
    and not exists (
        select 1 from ledger.posting p join ledger.entry e using (entry_id)
        where p.account = 'budget:allocated' and p.request_id is not distinct from m.request_id and e.purpose is not distinct from m.purpose)
    and not exists (
        select 1 from movement o where o.kind = 'administration' and o.purpose = m.purpose and m.request_id is null)
    and (m.request_id is null or exists (select 1 from ledger.request r where r.request_id = m.request_id))
union all
select 'nothing-allocated', 'error', m.file, m.line, 'request_id', m.request_id, 'nothing that is allocated to ' || m.request_id || ' has yet to come',
    'correct the id; what has come is freed with a cancellation'
from movement_standing m
where m.kind = 'lapse' and m.standing = 'new' and m.contribution_id is null and m.purpose is null
    and exists (select 1 from ledger.request r where r.request_id = m.request_id)
    and not exists (select 1 from ledger.posting p where p.account = 'budget:allocated-uncollected' and p.request_id = m.request_id)
union all
select 'transfer-has-agreement', 'error', m.file, m.line, 'request_id', m.request_id,
    m.request_id || ' is carried out under ' || a.commitments || ', and its money goes out as that says',
    'pay with `facility grant disburse`; a transfer is for requests without an agreement of their own'
from movement_standing m
join (select request_id, string_agg(commitment_id, ', ' order by commitment_id) as commitments from ledger.commitment_now group by request_id) a using (request_id)
where m.kind = 'transfer' and m.standing = 'new'
union all
select 'interest-not-kept', 'error', m.file, m.line, 'contribution_id', m.contribution_id,
    'the agreement of ' || m.contribution_id || ' leaves interest to the facility', 'leave contribution_id empty'
from movement_standing m join ledger.contribution_now c using (contribution_id)
where m.kind in ('interest', 'implementer-interest') and m.standing = 'new' and m.contribution_id <> 'FACILITY' and coalesce(c.interest, 'facility') <> 'contribution'
order by 3, 4, 5, 1, 7
