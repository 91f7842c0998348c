-- The balances that the movements of a batch reduce, each a chain of movements, and what each contribution has on it before the first of them.
--   `entry_in`, `reduced`, `movement_fixed`    $places  of the book's currency
create or replace temp table movement_keyed as
select m.entry_id, m.kind, m.entry_date, m.contribution_id, m.base_amount, m.reference in (select reference from movement_fixed) as is_fixed,
    d.account as reduced_account, d.nature, case when m.commitment_id is null or d.account = 'budget:allocated' then m.request_id end as chain_request,
    case when d.account <> 'budget:allocated' then m.commitment_id end as chain_commitment, m.purpose
from entry_in m join reduced d using (kind);

create or replace temp table movement_chain as
select row_number() over () as chain, *
from (select distinct reduced_account, nature, chain_request, chain_commitment, purpose from movement_keyed);

create or replace temp table movement_chained as
select m.* exclude (reduced_account, nature, chain_request, chain_commitment, purpose), c.chain
from movement_keyed m
join movement_chain c on c.reduced_account = m.reduced_account and c.chain_request is not distinct from m.chain_request
    and c.chain_commitment is not distinct from m.chain_commitment and c.purpose is not distinct from m.purpose;

-- What each contribution has on each balance before the first movement on it, in the grain of the book.
create or replace temp table movement_balance as
with standing as (
    select m.chain, p.contribution_id, p.amount * m.nature as amount, e.entry_date as day
    from movement_chain m join ledger.posting p on p.account = m.reduced_account and p.commitment_id = m.chain_commitment join ledger.entry e on e.entry_id = p.entry_id
    where m.chain_commitment is not null
    union all
    select m.chain, p.contribution_id, p.amount * m.nature, e.entry_date
    from movement_chain m join ledger.posting p on p.account = m.reduced_account and p.request_id = m.chain_request join ledger.entry e on e.entry_id = p.entry_id
    where m.chain_commitment is null and m.chain_request is not null
    union all
    select m.chain, p.contribution_id, p.amount * m.nature, e.entry_date
    from movement_chain m join ledger.posting p on p.account = m.reduced_account join ledger.entry e on e.entry_id = p.entry_id and e.purpose = m.purpose
    where m.purpose is not null and p.request_id is null
    union all
    select m.chain, p.contribution_id, p.amount * m.nature, e.entry_date
    from movement_chain m join ledger.posting p on p.account = m.reduced_account join ledger.entry e on e.entry_id = p.entry_id
    where m.chain_commitment is null and m.chain_request is null and m.purpose is null
),
begun as (select chain, contribution_id, ledger.grains(sum(amount)) as balance, max(day) as latest from standing group by chain, contribution_id)
select chain, contribution_id, sum(balance) as balance, max(latest) as latest, count(*) over (partition by chain) as contributions
from (
    select * from begun
    union all select distinct chain, contribution_id, 0, null from movement_chained where kind = 'administration'
    -- Where a balance never was, the whole falls on somebody, so that it is seen to be overdrawn.
    union all
    select chain, 'FACILITY', 0, null
    from movement_chain
    where chain_commitment is null and chain not in (select chain from begun) and chain not in (select chain from movement_chained where kind = 'administration')
    union all
    select distinct c.chain, p.contribution_id, 0, null
    from movement_chain c join ledger.posting p on p.commitment_id = c.chain_commitment and p.account = 'budget:committed'
    where c.reduced_account <> 'budget:committed'
)
group by chain, contribution_id;
