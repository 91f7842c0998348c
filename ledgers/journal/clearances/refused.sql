-- What the book refuses in the staged rows. One row a finding.
select 'clearance-conflict', 'error', s.file, s.line, 'clearance', s.clearance::varchar, s.clearance || ' of ' || s.implementer || ' on ' || s.cleared_on || ' is already in the book with other content', 'correct the row; a new finding has a day of its own'
from clearance_staged s where s.standing = 'conflict'
order by 3, 4, 5, 1, 7
