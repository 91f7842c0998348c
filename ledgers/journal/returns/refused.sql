-- What the book remarks on in the staged returns, besides what every movement is refused for. One row a finding.
--   $base  the book's currency
select 'facility-line-negative', 'warning', m.file, m.line, 'contribution_id', m.contribution_id,
    'the facility''s own line is negative by ' || ledger.printed(-f.available, $base) || ' ' || $base || ', and as much unearmarked money stands in for it',
    'give back what is unearmarked only when interest, or another income of the facility, has made it good'
from movement_standing m, ledger.contribution_available f
where m.standing = 'new' and f.contribution_id = 'FACILITY' and f.available < 0
order by 3, 4, 5, 1, 7
