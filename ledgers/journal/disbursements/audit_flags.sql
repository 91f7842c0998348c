-- The staged disbursements that an audit flag stops. One row a finding.
with flagged as (
    select commitment_id, arg_max(is_lifted, position) as is_lifted, arg_max(reason, position) as reason, arg_max(flagged_on, position) as flagged_on
    from ledger.audit_flag group by commitment_id
)
select 'audit-flagged', 'error', m.file, m.line, 'commitment_id', m.commitment_id,
    'an audit flag of ' || f.flagged_on || ' stops commitment ' || m.commitment_id || ': ' || f.reason, 'lift it with `facility grant unflag ' || m.commitment_id
        || '`, or set it aside by name with `facility grant override ' || m.commitment_id || ' audit-flag`'
from movement_standing m join flagged f using (commitment_id)
where m.standing = 'new' and not f.is_lifted and not exists (select 1 from override_in_force o where o.reference = m.reference and o.rule = 'audit-flag')
order by 3, 4, 5, 1, 7
