-- The events of a contribution, in order of their days; amounts are in its currency.
--   $contribution_id
select e.*, c.currency from report.contribution_events e join report.contributions c using (contribution_id)
where contribution_id = $contribution_id order by e.event_date, e.log_id, e.event, e.subject
