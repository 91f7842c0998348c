-- The triggers that refuse change, unbalanced entries and entries in closed periods are in place. One row a table without its guard.
with expected as (
    select table_name, kind from duckdb_tables() cross join (values ('update'), ('delete')) k(kind)
    where schema_name = 'ledger' and not temporary
)
select 'ledger.' || table_name || ' no longer refuses ' || kind as finding
from expected where not exists (select 1 from duckdb_triggers() t where t.schema_name = 'ledger' and t.table_name = expected.table_name and t.trigger_name = expected.table_name || '_' || kind and t.sql like '%error%')
union all
select 'the journal no longer refuses unbalanced entries (' || guard || ')'
from (values ('posting_balances_each_currency'), ('posting_balances_base'), ('posting_budget_balances')) g(guard)
where not exists (select 1 from duckdb_triggers() t where t.schema_name = 'ledger' and t.table_name = 'posting' and t.trigger_name = guard and t.sql like '%error%')
union all
select 'the journal no longer refuses entries in closed periods' where not exists (
    select 1 from duckdb_triggers() t where t.schema_name = 'ledger' and t.table_name = 'entry' and t.trigger_name = 'entry_period' and t.sql like '%error%')
order by finding
