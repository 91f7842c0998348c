-- Every new movement with the contributions that it falls on, in the book's currency. One that names a contribution falls on it alone; any other is split over
-- the contributions of the balance that it reduces, in proportion to what each has there: largest remainder, then id. Movements on one balance follow each other
-- by day, then administrative decisions first, then reference, and each is split over what those before it leave, so that the last one takes exactly what is left.
-- One whose parts are fixed, as what it takes back fell, is split as they say.
--   `movement_priced`, `reduced`, `movement_fixed`    $places  of the book's currency
create or replace temp table movement_split as
with recursive chained as (
    select m.*, d.account as reduced_account, d.nature, m.reference in (select reference from movement_fixed) as is_fixed,
        case when m.commitment_id is null or d.account = 'budget:allocated' then m.request_id end as chain_request,
        case when d.account <> 'budget:allocated' then m.commitment_id end as chain_commitment,
        ledger.grains(m.base_amount) // ledger.grains_per_unit($places::integer) as units
    from movement_priced m join reduced d using (kind)
),
ordered as (
    select *,
        dense_rank() over (order by reduced_account, chain_request, chain_commitment, purpose) as chain,
        row_number() over (partition by reduced_account, chain_request, chain_commitment, purpose order by entry_date, kind <> 'administration' and not is_fixed, reference) as step
    from chained
),
begun as (
    select m.chain, p.contribution_id, ledger.grains(sum(p.amount * m.nature)) as balance
    from (select distinct chain, reduced_account, nature, chain_request, chain_commitment, purpose from ordered) m
    join ledger.posting p on p.account = m.reduced_account
        and (m.reduced_account like 'liability:%' or (p.request_id is not distinct from m.chain_request or m.chain_commitment is not null))
        and (m.reduced_account like 'liability:%' or p.commitment_id is not distinct from m.chain_commitment)
    join ledger.entry e on e.entry_id = p.entry_id and (m.reduced_account <> 'budget:allocated' or e.purpose is not distinct from m.purpose)
    group by m.chain, p.contribution_id
),
state as (
    select chain, contribution_id, sum(balance) as balance
    from (select * from begun union all select chain, contribution_id, 0 from ordered where kind = 'administration')
    group by chain, contribution_id
),
step as (
    select chain, 0::bigint as step, null::varchar as reference, contribution_id, balance::hugeint as balance, 0::hugeint as part from state
    union all
    select chain, step, reference, contribution_id, balance - part * ledger.grains_per_unit($places::integer), part
    from (
        select * exclude (part), case
            when named_part is not null then named_part
            when total = 0 then case when position = 1 then units else 0 end
            else part + case when weight > 0 and position <= units - shared then 1 else 0 end
        end as part
        from (
            select *, sum(part) over (partition by chain) as shared,
                row_number() over (partition by chain order by weight = 0, remainder desc, contribution_id) as position
            from (
                select *, case when total > 0 then units * weight // total else 0 end as part, case when total > 0 then units * weight % total else 0 end as remainder
                from (
                    select w.chain, m.step, m.reference, w.contribution_id, w.balance, m.units, greatest(w.balance, 0) as weight,
                        sum(greatest(w.balance, 0)) over (partition by w.chain) as total,
                        case when m.is_fixed then -coalesce((select ledger.grains(f.amount) // ledger.grains_per_unit($places::integer) from movement_fixed f
                                where f.reference = m.reference and f.contribution_id = w.contribution_id), 0)
                            when m.contribution_id = w.contribution_id then case m.kind when 'administration' then -m.units else m.units end
                            when m.contribution_id is not null then 0 end as named_part
                    from step w join ordered m on m.chain = w.chain and m.step = w.step + 1
                )
            )
        )
    )
)
select s.reference, s.contribution_id, ledger.amount_of(s.part * ledger.grains_per_unit($places::integer)) as amount
from step s join movement_priced m using (reference)
where m.contribution_id is null and s.part > 0
union all
select reference, contribution_id, amount from movement_fixed
union all
select reference, contribution_id, base_amount from movement_priced where contribution_id is not null
