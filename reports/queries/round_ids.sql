-- One row per round, the latest opened last.
select round_id from report.rounds
order by opened_on, round_id
