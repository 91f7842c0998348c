-- Freezes what the selected contributions have available beyond the holds of open rounds.
--   $round_id   $places  of the book's currency
--   $agreements  whether what is signed for, not yet received and not yet allocated counts too
--   `contribution_filter(attribute, value)`: every attribute named must match one of its values, case aside
insert into ledger.round_contribution
with described as (
    select c.*, d.donor, d.donor_kind, coalesce(a.available, 0) - coalesce(h.held, 0)
        + case when $agreements::boolean then coalesce(o.receivable, 0) - coalesce(u.uncollected, 0) else 0 end as free
    from ledger.contribution_now c join ledger.donor d using (donor_id)
    left join ledger.contribution_available a using (contribution_id)
    left join ledger.contribution_held h using (contribution_id)
    left join ledger.contribution_receivable o using (contribution_id)
    left join ledger.contribution_uncollected u using (contribution_id)
    where c.stage = 'agreement'
),
word as (
    select contribution_id, 'contribution' as attribute, lower(contribution_id) as value from described
    union all select contribution_id, 'donor', lower(donor) from described
    union all select contribution_id, 'donor_kind', lower(donor_kind) from described
    union all select contribution_id, 'class', lower(earmark_class) from described
),
refused as (
    select distinct d.contribution_id
    from described d cross join (select distinct attribute from contribution_filter) f
    where not exists (
        select 1 from contribution_filter v join word w on w.attribute = v.attribute and w.value = lower(v.value)
        where v.attribute = f.attribute and w.contribution_id = d.contribution_id
    )
)
select
    $round_id, contribution_id, version, donor, free::decimal(18, 4), earmark, use_by,
    case when country_share_max is not null then ledger.amount_of(
        ledger.grains(base_amount) * (country_share_max * 1000000)::hugeint
        // (1000000 * ledger.grains_per_unit($places::integer)) * ledger.grains_per_unit($places::integer)
    ) end
from described
where free > 0 and contribution_id not in (select contribution_id from refused)
order by contribution_id
