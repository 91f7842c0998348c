-- The days on which new deposits need a rate, of their own currency and of their contribution's.
create or replace temp table rate_needed as
select currency, received_on as on_date from deposit_staged where standing = 'new'
union
select contribution_currency, received_on from deposit_staged where standing = 'new' and contribution_currency is not null
