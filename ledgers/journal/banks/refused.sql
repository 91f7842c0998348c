-- What the book refuses in the staged rows. One row a finding.
select 'bank-conflict', 'error', s.file, s.line, 'bank', s.bank::varchar, 'the account ' || s.bank || ' is already in the book with other content', 'correct the row, or give another account another id'
from bank_staged s where s.standing = 'conflict'
order by 3, 4, 5, 1, 7
