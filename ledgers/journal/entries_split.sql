-- Every staged money movement with the contributions' lines it falls on. A cancellation or transfer that names no contribution is split over
-- those that paid, in proportion to what is still allocated: largest remainder, then id. New movements on one request or purpose follow each
-- other by day, then administrative decisions first, then reference, and each is split over what those before it leave, so that the last one takes exactly
-- what is left. A movement that is in the book already is split as it was then.
--   $places  of the book's currency
create or replace temp table entry_split as
with recursive movement as (
    select s.reference, s.kind, s.entry_date, s.request_id, s.purpose, coalesce(s.contribution_id, case when s.kind = 'administration' then 'FACILITY' end) as contribution_id,
        ledger.grains(s.amount) // ledger.grains_per_unit($places::integer) as units, ledger.grains(s.amount) as amount, e.log_id as known_log_id,
        case when e.log_id is null then dense_rank() over (order by e.log_id is null desc, s.request_id, s.purpose) else -e.entry_id end as chain
    from staged s left join ledger.entry e on e.reference = 'entries|' || s.reference
    where s.kind in ('administration', 'cancellation', 'transfer')
),
ordered as (
    select *, row_number() over (partition by chain order by entry_date, kind <> 'administration', 'entries|' || reference) as step from movement
),
-- What each chain starts from: all that is allocated now, or was when the known movement was posted.
begun as (
    select m.chain, p.contribution_id, ledger.grains(sum(p.amount)) as balance
    from (select distinct chain, request_id, purpose, known_log_id, case when known_log_id is not null then entry_date end as entry_date,
            case when known_log_id is not null then kind end as kind, case when known_log_id is not null then 'entries|' || reference end as reference from ordered) m
    join ledger.posting p on p.account = 'budget:allocated' and p.request_id is not distinct from m.request_id
    join ledger.entry e on e.entry_id = p.entry_id and e.purpose is not distinct from m.purpose
    where m.known_log_id is null or e.log_id < m.known_log_id
        or (e.log_id = m.known_log_id and (e.entry_date, e.kind <> 'administration', e.reference) < (m.entry_date, m.kind <> 'administration', m.reference))
    group by m.chain, p.contribution_id
),
state as (
    select chain, contribution_id, sum(balance) as balance
    from (select * from begun union all select chain, contribution_id, 0 from ordered where kind = 'administration' and contribution_id is not null)
    group by chain, contribution_id
),
step as (
    select chain, 0::bigint as step, null::varchar as reference, contribution_id, balance::hugeint as balance, 0::hugeint as part from state
    union all
    select chain, step, reference, contribution_id,
        balance - part * ledger.grains_per_unit($places::integer), part
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
                        case when m.contribution_id = w.contribution_id then case m.kind when 'administration' then -m.units else m.units end
                            when m.contribution_id is not null then 0 end as named_part
                    from step w join ordered m on m.chain = w.chain and m.step = w.step + 1
                )
            )
        )
    )
)
select s.reference, s.contribution_id, ledger.amount_of(s.part * ledger.grains_per_unit($places::integer)) as amount
from step s join staged g using (reference)
where g.kind in ('cancellation', 'transfer') and g.contribution_id is null
union all
select reference, coalesce(contribution_id, 'FACILITY'), amount
from staged where kind in ('interest', 'administration') or contribution_id is not null
