-- Nothing was committed or went out to an implementer that lacked a clearance on that day, by what was in the book when it was written, unless the rule was set aside for
-- that day; what was taken back does not count. One row a movement and clearance.
with wanted as (
    select unnest(string_split(coalesce((select value from ledger.setting where name = 'clearances'), 'sanctions|due-diligence|accountability'), '|')) as clearance
),
moved as (
    select m.entry_id, m.kind, m.movement_id, m.commitment_id, m.log_id, c.implementer, e.entry_date as day
    from ledger.movement m join ledger.entry e using (entry_id) join ledger.commitment c on c.commitment_id = m.commitment_id and c.version = 1
    where m.kind in ('commitment', 'disbursement') and not exists (select 1 from ledger.reversal r where r.reversed_entry_id = m.entry_id)
        and not exists (select 1 from ledger.grant_override o where o.commitment_id = m.commitment_id and o.rule = 'clearance' and e.entry_date between o.valid_from and o.valid_until)
),
latest as (
    select v.entry_id, w.clearance, max(k.cleared_on) as cleared_on
    from moved v cross join wanted w
    left join ledger.clearance k on k.implementer = v.implementer and k.clearance = w.clearance and k.cleared_on <= v.day and k.log_id <= v.log_id
    where w.clearance <> '' group by v.entry_id, w.clearance
)
select v.kind || ' ' || v.movement_id || ' went to ' || v.implementer || ' on ' || v.day || ' without ' || l.clearance as finding
from latest l join moved v using (entry_id)
left join ledger.clearance k on k.implementer = v.implementer and k.clearance = l.clearance and k.cleared_on = l.cleared_on
where k.implementer is null or k.outcome <> 'cleared' or k.valid_until < v.day
order by finding
