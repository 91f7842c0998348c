-- The rate that the difference of an amended amount needs.
--   $contribution_id  $on
create or replace temp table rate_needed as
select currency, $on::date as on_date from ledger.contribution_now where contribution_id = $contribution_id
