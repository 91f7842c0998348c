-- Every appeal with what became of it, in order of filing.
select f.appeal_id, f.round_id, f.request_id, f.event_date as filed_on, f.grounds, f.decided_by as filed_by, o.event as outcome, o.event_date as decided_on,
    o.grounds as reason, o.decided_by, o.new_round_id
from ledger.appeal f left join ledger.appeal o on o.appeal_id = f.appeal_id and o.event <> 'filed'
where f.event = 'filed' order by f.event_date, f.appeal_id
