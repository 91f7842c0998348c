-- Adds one instalment of a new version.
--   $contribution_id  $version  $due_on  $amount  $log_id
insert into ledger.instalment
select $contribution_id, $version::integer, $due_on::date, $amount::decimal(18, 4), sha256(concat_ws('|', $amount::decimal(18, 4)::varchar)), $log_id::bigint
