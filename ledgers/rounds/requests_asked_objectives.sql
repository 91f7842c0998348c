-- Their objectives.
create or replace temp table subject_objective as select request_id, objective from ledger.request_objective
