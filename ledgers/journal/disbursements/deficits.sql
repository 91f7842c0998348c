-- The staged disbursements on agreements that a contribution in deficit pays for. One row a finding.
--   $base  the book's currency
select 'contribution-in-deficit', 'error', m.file, m.line, 'commitment_id', m.commitment_id,
    'commitment ' || m.commitment_id || ' is paid by a contribution in deficit: ' || string_agg(d.contribution_id || ' lacks ' || ledger.printed(-d.available, $base), ', ' order by d.contribution_id),
    'wait until the donor has made it good, or set the rule aside by name with `facility grant override ' || m.commitment_id || ' deficit`'
from movement_standing m
join (select distinct commitment_id, contribution_id from ledger.posting where account = 'budget:committed') p using (commitment_id)
join ledger.contribution_available d on d.contribution_id = p.contribution_id and d.available < 0
where m.standing = 'new' and d.contribution_id <> 'FACILITY' and not exists (select 1 from override_in_force o where o.reference = m.reference and o.rule = 'deficit')
group by m.file, m.line, m.commitment_id
order by 3, 4, 5, 1, 7
