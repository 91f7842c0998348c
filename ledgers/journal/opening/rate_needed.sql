-- The rates of opening balances in other currencies that say no value in the book's; what was received has that of its agreement.
create or replace temp table rate_needed as
select currency, as_of as on_date from opening_staged where base_amount is null and item <> 'received'
