-- The first and the last day of the expenditure that a version of a contribution may pay; versions without such days have no row.

create table ledger.contribution_span (
    contribution_id varchar not null, version integer not null, spend_from date, spend_to date, primary key (contribution_id, version)
);
create trigger contribution_span_update after update on ledger.contribution_span referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.contribution_span refuses update; post a correction instead') from old_rows;
create trigger contribution_span_delete after delete on ledger.contribution_span referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.contribution_span refuses delete; post a correction instead') from old_rows;

-- One row a contribution: its latest version, with the days of the expenditure that it may pay.
create or replace view ledger.contribution_now as
select c.*, s.spend_from, s.spend_to
from ledger.contribution c
join (select contribution_id, max(version) as version from ledger.contribution group by contribution_id) last using (contribution_id, version)
left join ledger.contribution_span s using (contribution_id, version);

-- The digest of a contribution's terms with those days; terms without them keep the digest that they always had.
create macro ledger.contribution_spanned(terms, spend_from, spend_to) as
    case when spend_from is null and spend_to is null then terms
        else sha256(concat_ws('|', terms, coalesce(spend_from::varchar, ''), coalesce(spend_to::varchar, ''))) end;
