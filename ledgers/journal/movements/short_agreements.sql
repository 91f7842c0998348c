-- Whether anything that a batch takes from grant agreements falls below zero on any day, on the whole or of one contribution: at most one row.
--   `movement_taken`
with agreement as (select distinct account, commitment_id from movement_taken where looked_at_by = 'agreements'),
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
)
select 1 from (select sum(moved) over (partition by account, commitment_id, contribution_id order by day) as amount from agreement_day) where amount < 0 limit 1
