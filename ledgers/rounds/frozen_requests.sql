-- The requests of a round as frozen, with the attributes that terms ask about.
--   $round_id
select
    f.request_id, f.base_requested, f.base_minimum, f.merit, r.request_window, r.country, r.objectives, r.applicant, r.applicant_kind,
    r.gender, r.human_rights, r.child, r.oda, r.level, r.starts_on, r.ends_on
from ledger.round_request f join ledger.request r using (request_id) where f.round_id = $round_id order by f.request_id
