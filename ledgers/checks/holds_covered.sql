-- Open rounds hold no more of a contribution than it has: of cash no more than is available, and with what is signed for and not yet received,
-- where a round holds such money, no more than both. One row a breach.
with held as (
    select h.contribution_id, sum(h.available) as held, sum(h.available - coalesce(v.receivable, 0)) as cash, count(v.receivable) > 0 as with_agreements
    from ledger.round_contribution h join ledger.round_state s using (round_id) left join ledger.round_receivable v using (round_id, contribution_id)
    where s.state = 'open' group by h.contribution_id
),
had as (
    select h.*, coalesce(a.available, 0) as available,
        coalesce(a.available, 0) + case when h.with_agreements then coalesce(o.receivable, 0) - coalesce(u.uncollected, 0) else 0 end as whole
    from held h left join ledger.contribution_available a using (contribution_id)
    left join ledger.contribution_receivable o using (contribution_id) left join ledger.contribution_uncollected u using (contribution_id)
)
select contribution_id || ' has ' || whole || ' and open rounds hold ' || held as finding from had where held > whole
union all
select contribution_id || ' has ' || available || ' in cash and open rounds hold ' || cash || ' of it' from had where held <= whole and cash > available
order by finding
