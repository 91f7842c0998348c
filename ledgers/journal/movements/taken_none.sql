-- A place for what a batch takes from: account, contribution, agreement, currency, and by which of these it is looked at.
create or replace temp table movement_taken (account varchar, contribution_id varchar, commitment_id varchar, currency varchar, looked_at_by varchar)
