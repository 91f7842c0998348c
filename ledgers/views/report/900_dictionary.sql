-- One row per column of schema report.
create or replace view report.dictionary as
select
    v.view_name, v.comment as view_comment, c.column_index as position, c.column_name, c.data_type, c.comment
from duckdb_views() v
join duckdb_columns() c on c.schema_name = v.schema_name and c.table_name = v.view_name and c.database_name = v.database_name
where v.schema_name = 'report' and v.database_name = current_database();

comment on view report.dictionary is 'One row per column of the public views: the data dictionary.';
comment on column report.dictionary.view_name is 'name of the view in schema report';
comment on column report.dictionary.view_comment is 'what one row of the view is';
comment on column report.dictionary.position is 'the column''s place in the view';
comment on column report.dictionary.column_name is 'name of the column';
comment on column report.dictionary.data_type is 'its type';
comment on column report.dictionary.comment is 'what it holds';
