-- How much of each new deposit discharges its receivable, in every currency involved, and what is left unapplied. In the order of
-- receipt a contribution's deposits use up what is outstanding (those that name a note, what is left of that note), at its value in `discharge_basis`. An `applied_amount` below a deposit in the same currency
-- leaves the rest unapplied; in another currency it is what the whole deposit discharges. A deposit whose base amount the bank states has no rate.
--   $base  the book's currency    `deposit_staged`, `discharge_basis`, `rate_in_force`
create or replace temp table deposit_applied as
with priced as (
    select
        s.*, case when s.base_amount is null then own.rate_id end as rate_id, pd.places as places, pc.places as contribution_places, pb.places as base_places,
        coalesce(s.base_amount, case when s.currency = $base then s.amount else ledger.converted(s.amount, own.units_per_base, pb.places) end) as base_received,
        own.units_per_base as own_rate, theirs.units_per_base as their_rate
    from deposit_staged s
    join ledger.currency pd on pd.currency = s.currency
    join ledger.currency pc on pc.currency = s.contribution_currency
    join ledger.currency pb on pb.currency = $base
    left join rate_in_force own on own.currency = s.currency and own.on_date = s.received_on
    left join rate_in_force theirs on theirs.currency = s.contribution_currency and theirs.on_date = s.received_on
    where s.standing = 'new'
),
asked as (
    select *, coalesce(applied_amount, case
        when currency = contribution_currency then amount
        when contribution_currency = $base then base_received
        else ledger.portion(amount, (their_rate::decimal(38, 8) * 100000000)::hugeint, (own_rate::decimal(38, 8) * 100000000)::hugeint, contribution_places)
    end) as discharge
    from priced
),
noted as (
    select n.note_id, n.amount - coalesce(sum(d.applied_amount), 0) as outstanding
    from ledger.promissory_note n
    left join ledger.deposit d on d.note_id = n.note_id and not exists (select 1 from ledger.bounce b where b.deposit_id = d.deposit_id and b.contribution_id = d.contribution_id)
    group by n.note_id, n.amount
),
ranked as (
    select
        a.*, case when a.note_id is null then coalesce(o.outstanding, 0) else coalesce(n.outstanding, 0) end::decimal(38, 4) as outstanding, o.amount as basis_amount,
        o.base_amount as basis_base_amount, o.discharged,
        coalesce(sum(a.discharge) over (
            partition by a.contribution_id, a.discharged_account, a.note_id order by a.received_on, a.reference rows between unbounded preceding and 1 preceding
        ), 0) as before
    from asked a
    left join discharge_basis o on o.contribution_id = a.contribution_id and o.account = a.discharged_account
    left join noted n on n.note_id = a.note_id
),
limited as (select *, greatest(0, least(discharge, outstanding - before))::decimal(18, 4) as applied from ranked),
applied as (
    select *, (discharged + coalesce(sum(applied) over (
        partition by contribution_id, discharged_account order by received_on, reference rows between unbounded preceding and 1 preceding
    ), 0))::decimal(18, 4) as discharged_before
    from limited
),
in_own as (
    select
        *,
        case
            when applied = 0 then 0
            when currency = contribution_currency then applied
            when applied = discharge then amount
            else ledger.portion(amount, ledger.grains(applied), ledger.grains(discharge), places)
        end::decimal(18, 4) as own_applied
    from applied
),
in_all as (
    select
        *,
        case
            when applied = 0 then 0
            when own_applied = amount then base_received
            when currency = contribution_currency then ledger.portion(base_received, ledger.grains(applied), ledger.grains(amount), base_places)
            else ledger.portion(base_received, ledger.grains(applied), ledger.grains(discharge), base_places)
        end::decimal(18, 4) as base_applied,
        case when applied = 0 then 0 else
            ledger.portion(basis_base_amount, ledger.grains(discharged_before + applied), ledger.grains(basis_amount), base_places)
            - ledger.portion(basis_base_amount, ledger.grains(discharged_before), ledger.grains(basis_amount), base_places) end::decimal(18, 4) as carrying
    from in_own
)
select
    *, (amount - own_applied)::decimal(18, 4) as own_unapplied, (base_received - base_applied)::decimal(18, 4) as base_unapplied,
    (base_applied - carrying)::decimal(18, 4) as exchange_gain,
    -- A bank that states what it credited in the book's currency has credited that currency.
    case when base_amount is null or source_account like 'liability:%' then currency else $base end as held_currency,
    case when base_amount is null or source_account like 'liability:%' then own_applied else base_applied end::decimal(18, 4) as held_applied,
    case when base_amount is null or source_account like 'liability:%' then amount - own_applied else base_received - base_applied end::decimal(18, 4) as held_unapplied
from in_all
