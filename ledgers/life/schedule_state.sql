-- What a contribution's instalments stand at: one row. Its latest version is null where there are none, and that has no day where none was replaced.
--   $contribution_id
select (select max(i.version) from ledger.instalment i where i.contribution_id = c.contribution_id) as version,
    (select max(r.valid_from) from ledger.rescheduling r where r.contribution_id = c.contribution_id) as valid_from,
    c.amount, c.currency, (select k.closed_on from ledger.contribution_closing k where k.contribution_id = c.contribution_id) as closed_on
from ledger.contribution_now c where c.contribution_id = $contribution_id
