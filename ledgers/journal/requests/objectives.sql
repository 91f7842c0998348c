-- Adds the objectives of the new requests.
insert into ledger.request_objective
select distinct s.request_id, o.objective
from (select request_id, unnest(string_split(objectives, '|')) as cell from request_staged where standing = 'new' and coalesce(objectives, '') <> '') s
join ledger.objective o on o.objective = trim(s.cell)::integer
order by s.request_id, o.objective
