-- Which migrations a book has been through. A newer version of Facility adds what is missing when it opens the book; a book without this
-- table has been through the first five.

create table ledger.migration (migration varchar primary key, recorded_at timestamp not null);
create trigger migration_update after update on ledger.migration referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.migration refuses update; post a correction instead') from old_rows;
create trigger migration_delete after delete on ledger.migration referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.migration refuses delete; post a correction instead') from old_rows;
