-- Every deposit and receipt applied bears the percentage that its agreement says, half up; what a schedule says of all that came in is charged, no more of a
-- deposit than it brought (where none bounced: what that does to a schedule, `bounces_mirrored` and the next deposit say). One row a breach.
with unit as (select ledger.grains_per_unit(places) as grains from ledger.currency join ledger.setting s on s.name = 'currency' and s.value = currency),
receipt as (
    select contribution_id, entry_id, (base_amount - unapplied_base_amount)::decimal(38, 4) as applied from ledger.deposit
    union all select contribution_id, entry_id, base_amount from ledger.application
),
charged as (
    select r.contribution_id, r.entry_id, e.reference, r.applied, c.fee_percent, c.fee_schedule, coalesce((
            select sum(p.base_amount) from ledger.entry f join ledger.posting p using (entry_id) where f.reference = 'fee|' || e.reference and p.account = 'liability:fee'
        ), 0) as owed,
        sum(r.applied) over (partition by r.contribution_id order by r.entry_id) as upto
    from receipt r join ledger.entry e using (entry_id) join ledger.contribution_now c using (contribution_id)
),
tier as (select fee_schedule, above, share, flat, lead(above) over (partition by fee_schedule order by above) as next_above from ledger.fee_tier),
borne as (
    select contribution_id, entry_id, upto, ledger.amount_of((2 * shares + 1000000 * grains) // (2000000 * grains) * grains) + flats as bears
    from (
        select c.contribution_id, c.entry_id, c.upto, u.grains, sum((greatest(0, least(c.upto, coalesce(t.next_above, c.upto)) - t.above) * 10000)::hugeint * (t.share * 1000000)::hugeint) as shares,
            sum(case when c.upto > t.above then t.flat else 0 end) as flats
        from charged c join tier t using (fee_schedule) cross join unit u group by c.contribution_id, c.entry_id, c.upto, u.grains
    )
),
agreed as (
    select reference, -owed as fee, ledger.amount_of((2 * (applied * 10000)::hugeint * (coalesce(fee_percent, 0) * 1000000)::hugeint + 1000000 * grains) // (2000000 * grains) * grains) as due
    from charged cross join unit where fee_schedule is null
),
due as (
    select contribution_id, max(upto) + least(0, min(bears - upto)) as due, (select -sum(owed) from charged k where k.contribution_id = b.contribution_id) as owed
    from borne b
    where contribution_id not in (select contribution_id from ledger.bounce)
        and contribution_id not in (select a.contribution_id from ledger.application a join ledger.reversal r on r.reversed_entry_id = a.entry_id)
    group by contribution_id
)
select 'the fee on ' || reference || ' is ' || fee::decimal(18, 4) || ', and ' || due || ' by its agreement' as finding from agreed where fee <> due
union all
select 'the fees on ' || contribution_id || ' come to ' || owed::decimal(18, 4) || ', and to ' || due::decimal(18, 4) || ' by its schedule' from due where owed <> due
order by finding
