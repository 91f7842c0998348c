-- Open rounds hold no more of a contribution than it has. One row a breach.
select h.contribution_id || ' has ' || coalesce(a.available, 0) || ' and open rounds hold ' || h.held as finding
from ledger.contribution_held h left join ledger.contribution_available a using (contribution_id)
where h.held > coalesce(a.available, 0) order by finding
