-- One row per kind of movement of cash: last year's and this year's, in the book's currency. Transfers to requests stand apart from those to other funds.
--   $before    end of the year before last
--   $prior     end of last year
--   $as_of     last entry date of the year
--   $known_at  UTC time or null: what was written not after it
-- Ordered by kind.
select case when counts_as = 'transfer' and request_id is not null then 'transfer-to-request' else counts_as end as kind,
    coalesce(sum(base_amount) filter (entry_date > $before and entry_date <= $prior), 0) as last_year, coalesce(sum(base_amount) filter (entry_date > $prior), 0) as this_year
from report.postings
where account like 'asset:cash:%' and entry_date <= $as_of and ($known_at::timestamp is null or recorded_at <= $known_at::timestamp)
group by 1
order by 1
