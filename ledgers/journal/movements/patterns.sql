-- What each kind of movement posts, for each contribution that it falls on: the whole of the accounting, on one page.
-- `cash` stands for the account at the bank. A line with an `outcome` is posted only for contributions that may take the money back (`open`),
-- or only for those whose donor it is owed to (`owed`). `is_agreements` says whether the line is of the grant agreement.
create or replace temp table pattern as
select * from (values
    ('interest', 1, 'cash', 1, null, false), ('interest', 2, 'income:interest', -1, null, false),
    ('interest', 3, 'budget:available', 1, null, false), ('interest', 4, 'budget:resource', -1, null, false),
    ('implementer-interest', 1, 'cash', 1, null, false), ('implementer-interest', 2, 'income:interest:implementer', -1, null, false),
    ('implementer-interest', 3, 'budget:available', 1, null, false), ('implementer-interest', 4, 'budget:resource', -1, null, false),
    ('bank-charge', 1, 'expense:fee:bank', 1, null, false), ('bank-charge', 2, 'cash', -1, null, false),
    ('bank-charge', 3, 'budget:resource', 1, null, false), ('bank-charge', 4, 'budget:available', -1, null, false),
    ('administration', 1, 'budget:allocated', 1, null, false), ('administration', 2, 'budget:available', -1, null, false),
    ('cancellation', 1, 'budget:available', 1, null, false), ('cancellation', 2, 'budget:allocated', -1, null, false),
    ('lapse', 1, 'budget:resource', 1, null, false), ('lapse', 2, 'budget:allocated-uncollected', -1, null, false),
    ('transfer', 1, 'expense:transfer', 1, null, false), ('transfer', 2, 'cash', -1, null, false),
    ('transfer', 3, 'budget:disbursed', 1, null, false), ('transfer', 4, 'budget:allocated', -1, null, false),
    ('direct-cost', 1, 'expense:fee:direct', 1, null, false), ('direct-cost', 2, 'cash', -1, null, false),
    ('direct-cost', 3, 'budget:disbursed', 1, null, false), ('direct-cost', 4, 'budget:allocated', -1, null, false),
    ('fee-payment', 1, 'liability:fee', 1, null, false), ('fee-payment', 2, 'cash', -1, null, false),
    ('commitment', 1, 'budget:committed', 1, null, true), ('commitment', 2, 'budget:allocated', -1, null, false),
    ('release', 1, 'budget:available', 1, null, false), ('release', 2, 'budget:committed', -1, null, true),
    ('disbursement', 1, 'asset:advance', 1, null, true), ('disbursement', 2, 'cash', -1, null, false),
    ('disbursement', 3, 'budget:disbursed', 1, null, true), ('disbursement', 4, 'budget:committed', -1, null, true),
    ('expenditure', 1, 'expense:programme', 1, null, true), ('expenditure', 2, 'asset:advance', -1, null, true),
    ('expenditure-replaced', 1, 'asset:advance', 1, null, true), ('expenditure-replaced', 2, 'expense:programme', -1, null, true),
    ('refund', 1, 'cash', 1, null, false), ('refund', 2, 'asset:advance', -1, null, true), ('refund', 3, 'budget:disbursed', -1, null, true),
    ('refund', 4, 'budget:available', 1, 'open', false), ('refund', 4, 'budget:resource', 1, 'owed', false),
    ('refund', 5, 'income:contribution:returned', 1, 'owed', false), ('refund', 6, 'liability:donor-refund', -1, 'owed', false),
    ('disallowance', 1, 'asset:receivable:implementer', 1, null, true), ('disallowance', 2, 'expense:programme', -1, null, true),
    ('recovery', 1, 'cash', 1, null, false), ('recovery', 2, 'asset:receivable:implementer', -1, null, true), ('recovery', 3, 'budget:disbursed', -1, null, true),
    ('recovery', 4, 'budget:available', 1, 'open', false), ('recovery', 4, 'budget:resource', 1, 'owed', false),
    ('recovery', 5, 'income:contribution:returned', 1, 'owed', false), ('recovery', 6, 'liability:donor-refund', -1, 'owed', false),
    ('return', 1, 'income:contribution:returned', 1, null, false), ('return', 2, 'liability:donor-refund', -1, null, false),
    ('return', 3, 'budget:resource', 1, null, false), ('return', 4, 'budget:available', -1, null, false),
    ('donor-refund', 1, 'liability:donor-refund', 1, null, false), ('donor-refund', 2, 'cash', -1, null, false)
) p(kind, step, account, side, outcome, is_agreements);

-- How many lines a kind posts for a contribution that may take the money back, or whose donor it is owed to.
create or replace temp table pattern_length as
select p.kind, o.outcome, max(p.step) as lines from pattern p join (values ('open'), ('owed')) o(outcome) on p.outcome is null or p.outcome = o.outcome group by p.kind, o.outcome;

-- Over which balance a kind is split when it names no contribution, and whether that balance stands on the credit side.
create or replace temp table reduced as
select * from (values
    ('administration', 'budget:allocated', 1), ('cancellation', 'budget:allocated', 1), ('lapse', 'budget:allocated-uncollected', 1), ('transfer', 'budget:allocated', 1), ('direct-cost', 'budget:allocated', 1),
    ('commitment', 'budget:allocated', 1), ('release', 'budget:committed', 1), ('disbursement', 'budget:committed', 1),
    ('expenditure', 'asset:advance', 1), ('expenditure-replaced', 'asset:advance', 1), ('refund', 'asset:advance', 1), ('disallowance', 'expense:programme', 1),
    ('recovery', 'asset:receivable:implementer', 1), ('fee-payment', 'liability:fee', -1), ('donor-refund', 'liability:donor-refund', -1)
) r(kind, account, nature);

-- Movements of which it is known beforehand what falls on each contribution; a kind that takes others back fills it.
create or replace temp table movement_fixed (reference varchar, contribution_id varchar, amount decimal(18, 4));
