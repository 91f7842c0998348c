-- The tranches of a grant agreement, in order.
--   $commitment_id
select * from report.tranches where commitment_id = $commitment_id order by tranche
