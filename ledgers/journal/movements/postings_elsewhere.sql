-- Cash in another currency than the book's leaves or comes as such and passes through the conversion accounts: two lines for all contributions of a movement together,
-- after its others.
--   $base  the book's currency
insert into posting_in
select m.entry_id, (n.lines + c.step)::integer, case c.step when 1 then m.cash_account else 'equity:conversion:' || m.currency end, m.currency,
    (case c.step when 1 then p.side else -p.side end * m.amount)::decimal(18, 4), (case c.step when 1 then p.side else -p.side end * m.base_amount)::decimal(18, 4),
    m.rate_id, null, m.request_id, m.party_id, null
from entry_in m join pattern p on p.kind = m.kind and p.account = 'cash' cross join (values (1), (2)) c(step)
join (select entry_id, max(line) as lines from posting_in group by entry_id) n using (entry_id)
where m.currency <> $base
