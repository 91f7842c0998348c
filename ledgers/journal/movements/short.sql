-- Whether anything that a batch takes from falls below zero on any day: at most one row. `movements/overdrawn` then says what, and for which rows; this one only looks,
-- since batches of a hundred thousand rows are seldom short of anything.
--   `posting_in`, `guarded`, `movement_ample`
with taken as (
    select distinct p.account, p.contribution_id, p.commitment_id, p.currency
    from posting_in p left join guarded g on g.account = p.account
    where p.amount * coalesce(g.nature, 1) < 0 and (g.account is not null or p.account like 'asset:cash:%')
        and not exists (select 1 from movement_ample a where a.account = p.account and a.commitment_id = p.commitment_id)
        and (p.account <> 'budget:allocated' or (select count(*) from movement_chain c where c.reduced_account = 'budget:allocated')
            > (select count(*) from movement_ample a where a.account = 'budget:allocated') or p.account not in (select reduced_account from movement_chain))
),
agreement as (select distinct account, commitment_id from taken where commitment_id is not null),
-- Agreements with one contribution alone need not be looked at contribution by contribution.
mixed as (
    select distinct p.account, p.commitment_id from ledger.posting p where p.commitment_id in (select commitment_id from agreement)
    group by p.account, p.commitment_id having count(distinct p.contribution_id) > 1
),
agreement_day as (
    select p.account, p.commitment_id, null as contribution_id, e.entry_date as day, sum(p.amount) as moved
    from ledger.posting p join agreement a on a.account = p.account and a.commitment_id = p.commitment_id join ledger.entry e on e.entry_id = p.entry_id
    group by p.account, p.commitment_id, e.entry_date
    union all
    select p.account, p.commitment_id, p.contribution_id, e.entry_date, sum(p.amount)
    from ledger.posting p join mixed a on a.account = p.account and a.commitment_id = p.commitment_id join ledger.entry e on e.entry_id = p.entry_id
    where p.account in (select account from agreement)
    group by p.account, p.commitment_id, p.contribution_id, e.entry_date
),
contribution_day as (
    select p.account, p.contribution_id, case when g.is_by_request then p.request_id end as request_id, case when g.is_by_request then e.purpose end as purpose, e.entry_date as day,
        sum(g.nature * p.amount) as moved
    from ledger.posting p join (select distinct account, contribution_id from taken where commitment_id is null) t on t.account = p.account and t.contribution_id = p.contribution_id
    join guarded g on g.account = p.account and not g.is_by_commitment
    join ledger.entry e on e.entry_id = p.entry_id
    group by all
),
cash_day as (
    select p.account, p.currency, e.entry_date as day, sum(p.amount) as moved
    from ledger.posting p join (select distinct account, currency from taken where account like 'asset:cash:%') t on t.account = p.account and t.currency = p.currency
    join ledger.entry e on e.entry_id = p.entry_id
    group by p.account, p.currency, e.entry_date
)
select 1 from (
    select sum(moved) over (partition by account, commitment_id, contribution_id order by day) as amount from agreement_day
    union all select sum(moved) over (partition by account, contribution_id, request_id, purpose order by day) from contribution_day
    union all select sum(moved) over (partition by account, currency order by day) from cash_day
) where amount < 0 limit 1
