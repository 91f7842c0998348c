-- What the book refuses in the staged totals. One row a finding.
select 'opening-total-conflict', 'error', s.file, s.line, 'item', s.item, 'the total of ' || s.item || ' in ' || s.currency || ' is already in the book with another amount', 'correct the row'
from opening_total_staged s where s.standing = 'conflict'
order by 3, 4, 5, 1, 7
