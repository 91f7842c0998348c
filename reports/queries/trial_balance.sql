-- One row per account and currency: debits, credits and balance of the postings that count.
-- Entries are numbered as they were written, and mostly dated so too: up to the first that does not count all of them do, and only from there to the
-- last that does each posting has to be looked up. A join of all postings with their entries takes several times as long.
--   $first_left_out  number of the first entry that does not count; null: all count
--   $last_counted    number of the last entry that counts
--   $as_of           last entry date
--   $known_at        UTC time or null: what was written not after it
-- Ordered by family, account and currency.
with mixed as (
    select entry_id
    from report.entries
    where entry_id > $first_left_out::bigint and entry_id <= $last_counted::bigint
        and entry_date <= $as_of and ($known_at::timestamp is null or recorded_at <= $known_at::timestamp)
),
part as (
    select
        account, currency, count(*) as lines, sum(case when amount > 0 then amount else 0 end) as debits, sum(amount) as balance,
        sum(base_amount) as base_balance
    from report.entry_lines
    where $first_left_out::bigint is null or entry_id < $first_left_out::bigint
    group by account, currency
    union all
    select account, currency, count(*), sum(case when amount > 0 then amount else 0 end), sum(amount), sum(base_amount)
    from report.entry_lines
    where entry_id > $first_left_out::bigint and entry_id <= $last_counted::bigint and entry_id in (select entry_id from mixed)
    group by account, currency
)
-- The families are those of report.entry_lines, told here from the account because that is quicker once than for every posting.
select
    case when account like 'budget:%' then 'budget' when account like 'memo:%' then 'memo' else 'money' end as family, account, currency,
    sum(lines) as lines, sum(debits) as debits, sum(debits) - sum(balance) as credits, sum(balance) as balance, sum(base_balance) as base_balance
from part
group by account, currency
order by case family when 'money' then 1 when 'budget' then 2 else 3 end, account, currency
