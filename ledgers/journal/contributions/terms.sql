-- The terms of one contribution as they stand: at most one row. `discharged` is what of its amount is received, noted or written off; `met` what its conditions set free.
--   $contribution_id
select c.version, c.earmark, c.amount, c.use_by, c.spend_from, c.spend_to, c.currency, c.stage,
    case when c.stage = 'agreement' then c.amount - coalesce((select sum(p.amount) from ledger.posting p where p.account = 'asset:receivable' and p.contribution_id = c.contribution_id), 0) else 0 end as discharged,
    case when c.conditional then coalesce((select sum(m.amount) from ledger.contribution_condition m where m.contribution_id = c.contribution_id), 0) end as met,
    (select k.closed_on from ledger.contribution_closing k where k.contribution_id = c.contribution_id) as closed_on,
    c.base_amount
from ledger.contribution_now c where c.contribution_id = $contribution_id
