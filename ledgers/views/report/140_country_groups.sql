-- One row per (country, group, period).
create or replace view report.country_groups as
select g.country, c.name as country_name, g.group_code, g.valid_from, g.valid_until, g.source, g.confidence
from ledger.country_group g
left join ledger.country c on c.country = g.country;

comment on view report.country_groups is 'One row per country''s membership of a group (LDC, LLDC, SIDS, income), with its dates.';
comment on column report.country_groups.country is 'ISO 3166 alpha-3';
comment on column report.country_groups.country_name is 'the country''s name';
comment on column report.country_groups.group_code is 'LDC, LLDC, SIDS, LIC, LMIC, UMIC, HIC';
comment on column report.country_groups.valid_from is 'first day of membership; empty when it has always counted';
comment on column report.country_groups.valid_until is 'the day membership ends; empty while it lasts';
comment on column report.country_groups.source is 'where the membership is published';
comment on column report.country_groups.confidence is 'how sure the dates are';
