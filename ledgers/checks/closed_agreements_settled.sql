-- Of an agreement that is closed financially nothing is committed any more, and nothing is in the hands of its implementer. One row a balance.
select p.account || ' of ' || p.commitment_id || ' is ' || sum(p.amount) || ', and it was closed on ' || any_value(k.closed_on) as finding
from ledger.posting p join ledger.closure k on k.commitment_id = p.commitment_id and k.stage = 'financial'
where p.account in ('budget:committed', 'asset:advance') group by p.commitment_id, p.account having sum(p.amount) <> 0 order by finding
