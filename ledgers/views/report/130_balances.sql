-- One row per (account, currency, contribution, request); those without postings are absent.
create or replace view report.balances as
select
    account, currency, contribution_id, request_id, sum(amount) as balance, book_currency, sum(base_amount) as base_balance,
    max(entry_date) as last_entry_date
from report.postings
group by account, currency, contribution_id, request_id, book_currency;

comment on view report.balances is 'One row per account, currency, contribution and request: what all postings so far sum to, debit positive.';
comment on column report.balances.account is 'account name';
comment on column report.balances.currency is 'currency of balance';
comment on column report.balances.contribution_id is 'the contribution, where the postings name one';
comment on column report.balances.request_id is 'the request, where the postings name one';
comment on column report.balances.balance is 'sum of the amounts, debit positive';
comment on column report.balances.book_currency is 'the book''s currency';
comment on column report.balances.base_balance is 'sum of the base amounts, in the book''s currency';
comment on column report.balances.last_entry_date is 'day of the last posting';
