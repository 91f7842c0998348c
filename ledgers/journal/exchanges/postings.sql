-- The entry of each new exchange: money leaves one account and comes on another, through the conversion accounts. Both sides have the value of that side which is in
-- the book's currency, else that of what was given at the rate of the day; what the account gained or lost since shows when it is revalued.
--   $base  the book's currency    $places  its decimal places
create or replace temp table new_entry as
select reference, 'exchange' as kind, exchanged_on as entry_date, null::varchar as purpose, 'exchange of ' || currency || ' into ' || to_currency as narration
from exchange_staged where standing = 'new';

create or replace temp table exchange_valued as
select s.*, r.rate_id, case when s.currency = $base then s.amount when s.to_currency = $base then s.to_amount else ledger.converted(s.amount, r.units_per_base, $places::integer) end::decimal(18, 4)
    as base_amount
from exchange_staged s left join rate_in_force r on r.currency = s.currency and r.on_date = s.exchanged_on
where s.standing = 'new';

create or replace temp table new_posting as
select reference, l.line, l.account, l.currency, l.amount::decimal(18, 4) as amount, l.base_amount::decimal(18, 4) as base_amount, l.rate_id,
    null::varchar as contribution_id, null::varchar as request_id, null::varchar as party_id, null::varchar as commitment_id
from exchange_valued cross join lateral (values
    (1, 'asset:cash:' || coalesce(bank, 'main'), currency, -amount, -base_amount, rate_id), (2, 'equity:conversion:' || currency, currency, amount, base_amount, rate_id),
    (3, 'equity:conversion:' || to_currency, to_currency, -to_amount, -base_amount, null), (4, 'asset:cash:' || coalesce(to_bank, 'main'), to_currency, to_amount, base_amount, null)
) l(line, account, currency, amount, base_amount, rate_id);
