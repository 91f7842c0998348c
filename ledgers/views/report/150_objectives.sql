-- One row per objective.
create or replace view report.objectives as
select objective, title, category, source from ledger.objective;

comment on view report.objectives is 'One row per objective of the Global Compact for Migration.';
comment on column report.objectives.objective is 'number, 1 to 23';
comment on column report.objectives.title is 'short title';
comment on column report.objectives.category is 'category it belongs to';
comment on column report.objectives.source is 'where the short title is published';
