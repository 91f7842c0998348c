-- Adds the numeric x_… columns of the new requests.
insert into ledger.request_measure
select m.request_id, m.measure, m.value
from staged_measure m join request_staged s using (request_id)
where s.standing = 'new' order by m.request_id, m.measure
