-- Every signed contribution is income of its amount, every open pledge a memo of its amount. One row a breach.
with journal as (
    select contribution_id,
        -coalesce(sum(amount) filter (account in ('income:contribution', 'liability:deferred-contribution')), 0) as signed,
        coalesce(sum(amount) filter (account = 'memo:pledge'), 0) as pledged
    from ledger.posting group by contribution_id
)
select 'contribution ' || c.contribution_id || ' of ' || c.amount || ' ' || c.currency || ' stands in the journal with ' || coalesce(j.signed, 0) || ' signed and '
    || coalesce(j.pledged, 0) || ' pledged' as finding
from ledger.contribution_now c left join journal j using (contribution_id)
where coalesce(j.signed, 0) <> case c.stage when 'agreement' then c.amount else 0 end
    or coalesce(j.pledged, 0) <> case c.stage when 'pledge' then c.amount else 0 end
order by finding
