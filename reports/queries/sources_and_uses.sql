-- One row per line of the statement of sources and uses: before the year and in it, in the book's currency; signs as the statement adds them.
--   $as_of      last entry date
--   $year_from  first day of the year
--   $known_at   UTC time or null: what was written not after it
-- Ordered by name.
with seen as (
    select *, account like 'asset:cash:%' as is_cash, account = 'expense:fee:administration' as is_agent_fee,
        account in ('asset:advance', 'asset:receivable:implementer') as is_held_outside
    from report.postings
    where entry_date <= $as_of and ($known_at::timestamp is null or recorded_at <= $known_at::timestamp)
),
figure as (
    select 'deposits' as name, entry_date, base_amount as amount from seen where is_cash and counts_as in ('deposit', 'bounce')
    union all select 'interest', entry_date, -base_amount from seen where account = 'income:interest'
    union all select 'implementers_interest', entry_date, -base_amount from seen where account = 'income:interest:implementer'
    union all select 'opening', entry_date, base_amount from seen
        where counts_as = 'opening' and (is_cash or account in ('liability:fee', 'liability:donor-refund'))
    union all select 'transferred', entry_date, -base_amount from seen
        where is_cash and (counts_as = 'disbursement' or (counts_as = 'transfer' and request_id is not null))
    union all select 'other_funds', entry_date, -base_amount from seen where is_cash and counts_as = 'transfer' and request_id is null
    union all select 'refunds', entry_date, base_amount from seen where is_cash and counts_as = 'refund'
    union all select 'recoveries', entry_date, base_amount from seen where is_cash and counts_as = 'recovery'
    union all select 'agent_fee', entry_date, base_amount from seen where is_agent_fee
    union all select 'direct_cost', entry_date, base_amount from seen where account = 'expense:fee:direct'
    union all select 'bank_charges', entry_date, base_amount from seen where account = 'expense:fee:bank'
    union all select 'returned', entry_date, base_amount from seen where account = 'income:contribution:returned'
    union all select 'exchange', entry_date, base_amount from seen where is_cash and counts_as in ('revaluation', 'exchange')
    union all select 'other', entry_date, base_amount from seen
        where is_cash and counts_as not in ('deposit', 'bounce', 'interest', 'implementer-interest', 'opening', 'disbursement', 'transfer', 'refund', 'recovery',
            'fee-payment', 'direct-cost', 'bank-charge', 'donor-refund', 'revaluation', 'exchange')
    union all select 'cash', entry_date, base_amount from seen where is_cash
    union all select 'fees_unpaid', entry_date, -base_amount from seen where account = 'liability:fee'
    union all select 'owed_to_donors', entry_date, -base_amount from seen where account = 'liability:donor-refund'
    union all select 'unapplied', entry_date, -base_amount from seen where account = 'liability:unapplied-receipts'
    union all select 'outside_opening', entry_date, base_amount from seen
        where (is_held_outside or account = 'expense:programme') and counts_as = 'opening'
    union all select 'spent', entry_date, base_amount from seen where account = 'expense:programme'
    union all select 'spent_at_once', entry_date, base_amount from seen where account = 'expense:transfer' and request_id is not null
    union all select 'advance', entry_date, base_amount from seen where account = 'asset:advance'
    union all select 'disallowed', entry_date, base_amount from seen where account = 'asset:receivable:implementer'
)
select name, coalesce(sum(amount) filter (entry_date < $year_from), 0) as before, coalesce(sum(amount) filter (entry_date >= $year_from), 0) as in_year
from figure
group by name
order by name
