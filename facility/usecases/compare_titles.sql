-- What requests are for, in words.
-- One row per request of the book that has a title or an applicant; in order of request.
select request_id, coalesce(title, applicant) as title
from report.requests
where coalesce(title, applicant) is not null
order by request_id
