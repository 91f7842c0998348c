-- The accounts that lines add to or take from, each once: account, contribution, agreement, currency, sign.
--   `posting_in`
create or replace temp table movement_line as
select distinct account, contribution_id, commitment_id, currency, sign(amount) as sign from posting_in
