-- An allocation to every request, in equal parts from so many contributions that follow each other, as new entries and postings.
--   $payers  how many    $contributions  how many there are
create or replace temp table new_entry as
select 'allocation|B|' || request_id as reference, 'allocation' as kind, date '2024-01-04' as entry_date, null::varchar as purpose, 'allocated to ' || request_id as narration
from ledger.request;

create or replace temp table new_posting as
select 'allocation|B|' || r.request_id as reference, (2 * k.place + l.line)::integer as line, l.account, 'USD' as currency,
    (l.side * (100000 // $payers::integer))::decimal(18, 4) as amount, (l.side * (100000 // $payers::integer))::decimal(18, 4) as base_amount, null::bigint as rate_id,
    'C' || ((r.number // 25 + k.place) % $contributions::integer) as contribution_id, r.request_id, null::varchar as party_id, null::varchar as commitment_id
from (select request_id, substr(request_id, 2)::integer as number from ledger.request) r
cross join (select unnest(generate_series(0, $payers::integer - 1)) as place) k
cross join (values (1, 'budget:allocated', 1), (2, 'budget:available', -1)) l(line, account, side);
