-- The rates of applications to a contribution in another currency.
create or replace temp table rate_needed as
select s.currency, s.received_on as on_date from deposit_staged s where s.standing = 'new' and s.currency <> s.contribution_currency
union
select s.contribution_currency, s.received_on from deposit_staged s where s.standing = 'new' and s.currency <> s.contribution_currency and s.contribution_currency is not null
