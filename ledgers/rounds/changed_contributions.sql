-- The contributions that a decision draws on and whose terms are no longer those frozen with the round. One row each.
--   $round_id  $decision
select distinct f.contribution_id, f.earmark, c.earmark, f.use_by, c.use_by, s.spend_from, c.spend_from, s.spend_to, c.spend_to
from ledger.payment p
join ledger.round_contribution f using (round_id, contribution_id)
join ledger.contribution_now c using (contribution_id)
left join ledger.contribution_span s on s.contribution_id = f.contribution_id and s.version = f.version
where p.round_id = $round_id and p.decision = $decision and (
    f.earmark is distinct from c.earmark or f.use_by is distinct from c.use_by
    or s.spend_from is distinct from c.spend_from or s.spend_to is distinct from c.spend_to
    or (select v.country_share_max from ledger.contribution v where v.contribution_id = f.contribution_id and v.version = f.version)
        is distinct from c.country_share_max
)
order by f.contribution_id
