-- The public schema: stable names, every column commented. What a row is stands in each view's own comment.
create schema if not exists report;
