-- What was revalued, in order: account, contribution, currency, gain in the book's currency.
select account, contribution_id, currency, gain from revalued order by sort, account, contribution_id, currency
