-- One row per posting of the entries asked for.
--   $entry_ids  list of their numbers
-- Ordered by entry, money lines first, then budget and memo lines, then by line.
select entry_id, line, account, family, currency, amount, base_amount, contribution_id, request_id, commitment_id, party_id
from report.entry_lines
where entry_id in (select unnest($entry_ids::bigint[]))
order by entry_id, case family when 'money' then 1 when 'budget' then 2 else 3 end, line
