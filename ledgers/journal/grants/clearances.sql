-- The clearances that the implementer of a movement lacks on its day; the book's setting `clearances` says which are asked for. One row a (movement, clearance).
create or replace temp table clearance_lacking as
with party as (select distinct party_id as implementer, entry_date as day from movement where party_id is not null and kind in ('commitment', 'disbursement')),
wanted as (
    select unnest(string_split(coalesce((select value from ledger.setting where name = 'clearances'), 'sanctions|due-diligence|accountability'), '|')) as clearance
),
latest as (
    select p.implementer, p.day, w.clearance, arg_max(c.outcome, c.cleared_on) as outcome, arg_max({'until': c.valid_until}, c.cleared_on).until as valid_until, max(c.cleared_on) as cleared_on
    from party p cross join wanted w left join ledger.clearance c on c.implementer = p.implementer and c.clearance = w.clearance and c.cleared_on <= p.day
    where w.clearance <> ''
    group by p.implementer, p.day, w.clearance
),
-- What was found only after the day, for the fact alone: it does not count.
later as (
    select l.implementer, l.day, l.clearance, min(c.cleared_on) as found_on, arg_min(c.outcome, c.cleared_on) as outcome
    from latest l join ledger.clearance c on c.implementer = l.implementer and c.clearance = l.clearance and c.cleared_on > l.day
    where l.cleared_on is null group by l.implementer, l.day, l.clearance
)
select m.reference, l.clearance,
    l.clearance || case when l.cleared_on is null and a.found_on is null then ' was never looked into'
        when l.cleared_on is null then case a.outcome when 'cleared' then ' was cleared only on ' else ' was looked into only on ' end || a.found_on
        when l.outcome <> 'cleared' then ' was refused on ' || l.cleared_on
        else ' held until ' || l.valid_until end as told
from latest l join movement m on m.party_id = l.implementer and m.entry_date = l.day
left join later a on a.implementer = l.implementer and a.day = l.day and a.clearance = l.clearance
where l.cleared_on is null or l.outcome <> 'cleared' or l.valid_until < l.day
