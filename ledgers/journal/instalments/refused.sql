-- What the book refuses in the staged rows. One row a finding.
select 'instalment-conflict', 'error', s.file, s.line, 'due_on', s.due_on::varchar, 'what is due of ' || s.contribution_id || ' on ' || s.due_on || ' is already in the book with another amount',
    'correct the row; what a donor postpones or lowers goes in with `facility contribution reschedule`'
from instalment_staged s where s.standing = 'conflict'
union all
select 'instalment-rescheduled', 'warning', s.file, s.line, 'due_on', s.due_on::varchar, 'what was due of ' || s.contribution_id || ' on ' || s.due_on || ' was rescheduled, and is not brought back',
    'leave the row out; to bring it back, give every instalment to `facility contribution reschedule`'
from instalment_staged s where s.is_replaced
union all
select 'contribution-unknown', 'error', s.file, s.line, 'contribution_id', s.contribution_id, 'the book has no contribution ' || s.contribution_id, 'import the contribution first, or correct the id'
from instalment_staged s where s.contribution_id = 'FACILITY' or not exists (select 1 from ledger.contribution c where c.contribution_id = s.contribution_id)
union all
select 'instalments-exceed-contribution', 'error', s.file, s.line, 'amount', s.amount::varchar,
    'the instalments of ' || s.contribution_id || ' come to ' || ledger.printed(t.planned, c.currency) || ' ' || c.currency || ', and its amount to ' || ledger.printed(c.amount, c.currency),
    'correct the amounts; they may leave something unplanned, never more'
from instalment_staged s join ledger.contribution_now c using (contribution_id)
join (
    select contribution_id, sum(amount) as planned
    from (select contribution_id, amount from ledger.instalment_now union all select contribution_id, amount from instalment_staged where standing = 'new') group by contribution_id
) t using (contribution_id)
where s.standing = 'new' and s.contribution_id <> 'FACILITY' and t.planned > c.amount
order by 3, 4, 5, 1, 7
