-- Whether the cash that a batch takes falls below zero on any day: at most one row.
--   `movement_taken`
with cash_day as (
    select p.account, p.currency, e.entry_date as day, sum(p.amount) as moved
    from ledger.posting p join (select distinct account, currency from movement_taken where looked_at_by = 'cash') t on t.account = p.account and t.currency = p.currency
    join ledger.entry e on e.entry_id = p.entry_id
    group by p.account, p.currency, e.entry_date
)
select 1 from (select sum(moved) over (partition by account, currency order by day) as amount from cash_day) where amount < 0 limit 1
