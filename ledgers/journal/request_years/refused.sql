-- What the book refuses in the staged years of requests. One row a finding.
select 'request-unknown', 'error', s.file, s.line, 'request_id', s.request_id,
    'the book has no request ' || s.request_id, 'import the request first, or correct the id'
from request_year_staged s where s.currency is null
union all
select 'amount-too-fine', 'error', s.file, s.line, 'amount', s.amount::varchar,
    'the amount has more decimal places than ' || s.currency || ' allows (' || c.places || ')', 'round it to ' || c.places || ' places; the years must add up to the ask'
from request_year_staged s join ledger.currency c using (currency)
where ledger.grains(s.amount) % ledger.grains_per_unit(c.places) <> 0
union all
select 'year-outside-request', 'error', s.file, s.line, 'year', s.year::varchar,
    'request ' || s.request_id || case when s.year < year(s.starts_on) then ' starts on ' || s.starts_on::varchar else ' ends on ' || s.ends_on::varchar end,
    'give only years in which it spends something'
from request_year_staged s where s.year < year(s.starts_on) or s.year > year(s.ends_on)
union all
select 'years-not-the-ask', 'error', t.file, t.line, 'request_id', t.request_id,
    'the years of request ' || t.request_id || ' come to ' || ledger.printed(t.total, t.currency) || ' ' || t.currency || ', and it asks ' || ledger.printed(t.amount_requested, t.currency),
    'let the years of a request add up to its amount_requested'
from (
    select request_id, currency, amount_requested, sum(amount)::decimal(38, 4) as total, arg_min(file, (file, line)) as file, arg_min(line, (file, line)) as line
    from request_year_staged where currency is not null group by request_id, currency, amount_requested
) t
where t.total <> t.amount_requested
union all
select 'years-frozen', 'error', t.file, t.line, 'request_id', t.request_id,
    'request ' || t.request_id || ' stands in round ' || t.round_id || ', which froze it with other years or with none', 'leave its years as they are, or cancel that round first'
from (
    select s.request_id, arg_min(s.file, (s.file, s.line)) as file, arg_min(s.line, (s.file, s.line)) as line, min(f.round_id) as round_id
    from request_year_staged s join ledger.round_request f using (request_id) join ledger.round_state r using (round_id)
    where s.standing = 'new' and r.state <> 'cancelled' group by s.request_id
) t
order by 3, 4, 5, 1, 7
