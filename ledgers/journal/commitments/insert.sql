-- Adds the grant agreements whose entries have just been posted.
--   $recorded_at  $log_id
insert into ledger.commitment
select s.commitment_id, 1, s.request_id, s.implementer, s.signed_on, m.base_amount, s.indirect_max, s.starts_on, s.ends_on, s.report_due, s.agreement, null, null,
    m.content_digest, $recorded_at, $log_id
from staged s join entry_in m on m.commitment_id = s.commitment_id
order by s.commitment_id
