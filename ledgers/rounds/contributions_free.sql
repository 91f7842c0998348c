-- Freezes what the selected contributions have available beyond the holds of open rounds. While the facility's own line is in deficit, as much unearmarked money is
-- left out: in proportion to what each such contribution has, largest remainder, then id. Left out are closed contributions, and those that lack what they have decided.
--   $round_id   $places  of the book's currency
--   $agreements  whether what is signed for, not yet received and not yet allocated counts too
--   `contribution_filter(attribute, value)`: every attribute named must match one of its values, case aside
insert into ledger.round_contribution
with described as (
    select c.*, d.donor, d.donor_kind, coalesce(a.available, 0) as available, coalesce(a.available, 0) - coalesce(h.held, 0)
        + case when $agreements::boolean then coalesce(o.receivable, 0) - coalesce(u.uncollected, 0) else 0 end as free
    from ledger.contribution_now c join ledger.donor d using (donor_id)
    left join ledger.contribution_available a using (contribution_id)
    left join ledger.contribution_held h using (contribution_id)
    left join ledger.contribution_receivable o using (contribution_id)
    left join ledger.contribution_uncollected u using (contribution_id)
    where c.stage = 'agreement' and not exists (select 1 from ledger.contribution_closing k where k.contribution_id = c.contribution_id)
),
deficit as (select greatest(0, -coalesce(sum(amount), 0)) as amount from ledger.posting where account = 'budget:available' and contribution_id = 'FACILITY'),
unearmarked as (
    select contribution_id, ledger.grains(least(free, greatest(available, 0))) // ledger.grains_per_unit($places::integer) as units,
        (select ledger.grains(amount) // ledger.grains_per_unit($places::integer) from deficit) as missing
    from described where earmark_class = 'unearmarked' and free > 0 and contribution_id <> 'FACILITY' and (select amount from deficit) > 0
),
shared as (
    select *, least(missing, sum(units) over ()) as blocked, sum(units) over () as total from unearmarked
),
blocked as (
    select contribution_id, blocked * units // total
        + case when row_number() over (order by blocked * units % total desc, contribution_id) <= blocked - sum(blocked * units // total) over () then 1 else 0 end as units
    from shared where total > 0
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
    $round_id, contribution_id, version, donor, (free - coalesce(ledger.amount_of(b.units * ledger.grains_per_unit($places::integer)), 0))::decimal(18, 4), earmark, use_by,
    case when country_share_max is not null then ledger.amount_of(
        ledger.grains(base_amount) * (country_share_max * 1000000)::hugeint
        // (1000000 * ledger.grains_per_unit($places::integer)) * ledger.grains_per_unit($places::integer)
    ) end
from described left join blocked b using (contribution_id)
where free - coalesce(ledger.amount_of(b.units * ledger.grains_per_unit($places::integer)), 0) > 0 and available >= 0 and contribution_id not in (select contribution_id from refused)
order by contribution_id
