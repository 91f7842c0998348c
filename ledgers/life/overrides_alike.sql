-- The overrides that set the same rule of an agreement aside, on the same days and for the same reason, in order.
--   $commitment_id  $rule  $valid_from  $valid_until  $reason
select position from ledger.grant_override
where commitment_id = $commitment_id and rule = $rule and valid_from = $valid_from and valid_until = $valid_until and reason = $reason
order by position
