-- What moved on a grant agreement, in the order in which it counts.
--   $commitment_id
select * from report.movements where commitment_id = $commitment_id order by entry_date, entry_id
