-- The contributions that can no longer pay what a decision draws on them: what they have, less what rounds opened earlier still hold.
--   $round_id  $decision  $agreements  whether what is signed for, not yet received and not yet allocated counts too
with drawn as (
    select contribution_id, sum(amount) as amount from ledger.payment where round_id = $round_id and decision = $decision group by contribution_id
),
held as (
    select h.contribution_id, sum(h.available) as held
    from ledger.round_contribution h
    join ledger.round_state s using (round_id) join ledger.round r using (round_id)
    where s.state = 'open' and h.round_id <> $round_id
        and r.log_id < (select o.log_id from ledger.round o where o.round_id = $round_id)
    group by h.contribution_id
),
had as (
    select d.contribution_id, d.amount, coalesce(a.available, 0) - coalesce(h.held, 0)
        + case when $agreements::boolean then coalesce(o.receivable, 0) - coalesce(u.uncollected, 0) else 0 end as free
    from drawn d left join ledger.contribution_available a using (contribution_id) left join held h using (contribution_id)
    left join ledger.contribution_receivable o using (contribution_id) left join ledger.contribution_uncollected u using (contribution_id)
)
select contribution_id, amount, free from had where amount > free order by contribution_id
