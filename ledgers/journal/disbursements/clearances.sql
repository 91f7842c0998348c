-- The staged disbursements to implementers that lack a clearance on their day. One row a finding.
select 'clearance-missing', 'error', m.file, m.line, 'commitment_id', m.commitment_id,
    'nothing goes out to ' || m.party_id || ' without its clearance: ' || string_agg(l.told, '; ' order by l.clearance),
    'bring the clearance in with `facility import clearances`, or set the rule aside by name with `facility grant override ' || m.commitment_id || ' clearance`'
from movement_standing m join clearance_lacking l using (reference)
where m.standing = 'new' and not exists (select 1 from override_in_force o where o.reference = m.reference and o.rule = 'clearance')
group by m.file, m.line, m.party_id, m.commitment_id
order by 3, 4, 5, 1, 7
