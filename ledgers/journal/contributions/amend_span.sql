-- Adds the days that the version just written of one contribution may pay, where it names any.
--   $contribution_id  $spend_from  $spend_to
insert into ledger.contribution_span
select contribution_id, max(version), $spend_from::date, $spend_to::date from ledger.contribution
where contribution_id = $contribution_id and ($spend_from::date is not null or $spend_to::date is not null)
group by contribution_id
