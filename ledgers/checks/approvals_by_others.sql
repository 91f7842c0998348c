-- Nobody approves what they proposed. One row a breach.
select 'round ' || a.round_id || ': ' || a.approver || ' proposed what they approved' as finding
from ledger.approval a join ledger.decision d using (round_id, decision) where a.approver_id = lower(trim(regexp_replace(d.proposer, '\s+', ' ', 'g'))) order by finding
