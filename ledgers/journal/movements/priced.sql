-- The new movements as the entries that they become: with their numbers, in the order of their references, their amount in the book's currency, the rate that it was
-- converted at, and the account of their cash. Without a rate, or beyond what the book can hold, there is no base amount; `movements/refused` says so.
--   $base  the book's currency    $places  its decimal places    `movement_standing`, `rate_in_force`
create or replace temp table entry_in as
select (select coalesce(max(entry_id), 0) from ledger.entry) + row_number() over (order by m.reference) as entry_id, m.* exclude (known_entry_id, standing),
    case when m.given_base is null and m.currency <> $base then r.rate_id end as rate_id,
    coalesce(m.given_base, case when m.currency = $base then m.amount
        when ledger.fits(m.amount, r.units_per_base) then ledger.converted(m.amount, r.units_per_base, $places::integer) end)::decimal(18, 4) as base_amount,
    'asset:cash:' || coalesce(m.bank, 'main') as cash_account
from movement_standing m
left join rate_in_force r on r.currency = m.currency and r.on_date = m.entry_date
where m.standing = 'new'
