-- Adds a version of a grant agreement with a later end.
--   $commitment_id  $until  $on  $reason  $recorded_at  $log_id
insert into ledger.commitment
select commitment_id, version + 1, request_id, implementer, signed_on, amount, indirect_max, starts_on, $until::date, report_due, agreement, $on::date, $reason, content_digest,
    $recorded_at, $log_id
from ledger.commitment_now where commitment_id = $commitment_id
