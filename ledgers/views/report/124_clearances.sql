-- One row per finding on an implementer; the latest of a kind counts.
create or replace view report.clearances as
select implementer, clearance, cleared_on, outcome, valid_until, source,
    row_number() over (partition by implementer, clearance order by cleared_on desc) = 1 as is_latest, log_id
from ledger.clearance;

comment on view report.clearances is 'One row per finding on an implementer; the latest of a kind counts.';
comment on column report.clearances.implementer is 'about whom';
comment on column report.clearances.clearance is 'sanctions, due-diligence, accountability or another';
comment on column report.clearances.cleared_on is 'day of the finding';
comment on column report.clearances.outcome is 'cleared or refused';
comment on column report.clearances.valid_until is 'last day on which it holds';
comment on column report.clearances.source is 'where it is documented';
comment on column report.clearances.is_latest is 'whether no later finding of the kind stands';
comment on column report.clearances.log_id is 'the row of report.log by which it was written';
