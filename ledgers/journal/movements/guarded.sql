-- Which balances no movement may take below zero, on any day, and what the balance is of. A balance on the credit side has nature -1.
-- Of grants, the agreement as a whole is looked at first, then each contribution in it.
create or replace temp table guarded as
select * from (values
    ('budget:available', 1, 1, true, false, false), ('budget:allocated', 1, 1, true, true, false), ('budget:conditional', 1, 1, true, false, false),
    ('budget:allocated-uncollected', 1, 1, true, true, false),
    ('budget:committed', 1, 1, false, false, true), ('budget:committed', 1, 2, true, false, true),
    ('asset:advance', 1, 1, false, false, true), ('asset:advance', 1, 2, true, false, true),
    ('expense:programme', 1, 1, false, false, true), ('expense:programme', 1, 2, true, false, true),
    ('asset:receivable:implementer', 1, 1, false, false, true), ('asset:receivable:implementer', 1, 2, true, false, true),
    ('liability:fee', -1, 1, false, false, false), ('liability:donor-refund', -1, 1, true, false, false)
) g(account, nature, level, is_by_contribution, is_by_request, is_by_commitment)
