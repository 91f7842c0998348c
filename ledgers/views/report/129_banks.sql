-- One row per account of the facility at a bank and currency held on it.
create or replace view report.banks as
with held as (
    select substr(account, 12) as bank, currency, sum(amount) as balance, sum(base_amount) as base_balance from ledger.posting where account like 'asset:cash:%' group by 1, 2
)
select coalesce(b.bank, h.bank) as bank, b.name, coalesce(h.currency, b.currency) as currency, coalesce(h.balance, 0)::decimal(38, 4) as balance,
    (select value from ledger.setting where name = 'currency') as book_currency, coalesce(h.base_balance, 0)::decimal(38, 4) as base_balance, b.opened_on
from held h full join ledger.bank b on b.bank = h.bank;

comment on view report.banks is 'One row per account of the facility at a bank and currency held on it.';
comment on column report.banks.bank is 'the account';
comment on column report.banks.name is 'its name';
comment on column report.banks.currency is 'currency held';
comment on column report.banks.balance is 'cash held, in currency';
comment on column report.banks.book_currency is 'the book''s currency';
comment on column report.banks.base_balance is 'the same at its value in the book';
comment on column report.banks.opened_on is 'day on which it was opened';
