-- One row per grant agreement with money committed and not disbursed, in the book's currency.
--   $as_of     last entry date
--   $known_at  UTC time or null: what was written not after it
-- Ordered by agreement.
select commitment_id, sum(amount) as committed
from report.postings
where account = 'budget:committed' and commitment_id is not null
    and entry_date <= $as_of and ($known_at::timestamp is null or recorded_at <= $known_at::timestamp)
group by commitment_id
having sum(amount) > 0
order by commitment_id
