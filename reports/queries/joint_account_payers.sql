-- One row per donor kind and window: what the facility allocated, from recorded payments.
--   $as_of     last entry date
--   $known_at  UTC time or null: what was written not after it
-- Ordered by donor kind, window.
select donor_kind, request_window, sum(allocated) as allocated
from report.joint_account
where contribution_id is not null
    and entry_date <= $as_of
    and ($known_at::timestamp is null or recorded_at <= $known_at::timestamp)
group by donor_kind, request_window
having sum(allocated) <> 0
order by donor_kind, request_window
