-- The entries of the contributions just added (those of this log row): a pledge and a gift in kind are memo, an agreement is receivable and income.
--   $on  $log_id
create or replace temp table new_entry as
select
    case c.stage when 'agreement' then 'signing|' else c.stage || '|' end || c.contribution_id as reference,
    case c.stage when 'agreement' then 'signing' else c.stage end as kind,
    coalesce(c.signed_on, $on::date) as entry_date,
    null::varchar as purpose,
    case c.stage when 'pledge' then 'pledge ' when 'in-kind' then 'in kind ' else 'contribution signed ' end || c.contribution_id || ' by ' || d.donor as narration
from ledger.contribution c join ledger.donor d using (donor_id)
where c.log_id = $log_id
