-- One row per item and currency of the opening balances: what came in against what the old books said.
create or replace view report.opening_reconciliation as
with came as (select item, currency, sum(amount) as amount, count(*) as balances from ledger.opening group by item, currency)
select coalesce(c.item, t.item) as item, coalesce(c.currency, t.currency) as currency, coalesce(c.balances, 0) as balances, coalesce(c.amount, 0)::decimal(38, 4) as came_in,
    t.amount as said, (coalesce(c.amount, 0) - t.amount)::decimal(38, 4) as difference, t.source
from came c full join ledger.opening_total t on t.item = c.item and t.currency = c.currency;

comment on view report.opening_reconciliation is 'One row per item and currency of the opening balances: what came into the book against what the old books gave as its total.';
comment on column report.opening_reconciliation.item is 'cash, received, unapplied, available, allocated, committed, advance, spent, fees or owed-to-donor';
comment on column report.opening_reconciliation.currency is 'currency of the amounts';
comment on column report.opening_reconciliation.balances is 'how many balances came in';
comment on column report.opening_reconciliation.came_in is 'their sum';
comment on column report.opening_reconciliation.said is 'what the old books gave as the total; null where they gave none';
comment on column report.opening_reconciliation.difference is 'came in less said: 0 where they agree';
comment on column report.opening_reconciliation.source is 'where the total stands';
