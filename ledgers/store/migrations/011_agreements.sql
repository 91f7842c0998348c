-- Rounds whose policy also decides on money signed for and not yet received.

-- The part of what a round holds of a contribution that was not yet received when the round was opened; no row where all was.
create table ledger.round_receivable (
    round_id varchar not null, contribution_id varchar not null, receivable decimal(18, 4) not null check (receivable > 0),
    primary key (round_id, contribution_id)
);
create trigger round_receivable_update after update on ledger.round_receivable referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.round_receivable refuses update; post a correction instead') from old_rows;
create trigger round_receivable_delete after delete on ledger.round_receivable referencing old table as old_rows for each statement
    insert into guard.refused select error('append-only: ledger.round_receivable refuses delete; post a correction instead') from old_rows;

-- One row a contribution with entries: signed for and not yet received, in the book's currency at the rate of its signing.
create view ledger.contribution_receivable as
select contribution_id, sum(base_amount) as receivable from ledger.posting where account = 'asset:receivable' group by contribution_id;

-- One row a contribution with such entries: allocated to requests and not yet received.
create view ledger.contribution_uncollected as
select contribution_id, sum(amount) as uncollected from ledger.posting where account = 'budget:allocated-uncollected' group by contribution_id;

-- One row a contribution and request: allocated to it net of releases, received or not, whatever the stage since.
create or replace view ledger.contribution_request as
select contribution_id, request_id, sum(amount) as allocated
from ledger.posting
where request_id is not null and account in ('budget:allocated', 'budget:allocated-uncollected', 'budget:committed', 'budget:disbursed')
group by contribution_id, request_id having sum(amount) <> 0;
