-- One row: how many requests there are, and how many have money.
--   $as_of     last entry date
--   $known_at  UTC time or null: what was written not after it
select count(distinct request_id) as requests, count(distinct case when allocated > 0 then request_id end) as funded
from report.joint_account
where entry_date <= $as_of and ($known_at::timestamp is null or recorded_at <= $known_at::timestamp)
