-- The clearances that the implementer of a movement lacks on its day; the book's setting `clearances` says which are asked for. One row a (movement, clearance).
create or replace temp table clearance_lacking as
with party as (select distinct m.reference, m.party_id as implementer, m.entry_date as day from movement m where m.party_id is not null),
wanted as (
    select unnest(string_split(coalesce((select value from ledger.setting where name = 'clearances'), 'sanctions|due-diligence|accountability'), '|')) as clearance
),
latest as (
    select p.reference, w.clearance, arg_max(c.outcome, c.cleared_on) as outcome, arg_max(c.valid_until, c.cleared_on) filter (c.valid_until is not null) as valid_until,
        max(c.cleared_on) as cleared_on, any_value(p.day) as day
    from party p cross join wanted w left join ledger.clearance c on c.implementer = p.implementer and c.clearance = w.clearance and c.cleared_on <= p.day
    where w.clearance <> ''
    group by p.reference, w.clearance
)
select reference, clearance,
    clearance || case when cleared_on is null then ' was never looked into' when outcome <> 'cleared' then ' was refused on ' || cleared_on
        else ' held until ' || valid_until end as told
from latest
where cleared_on is null or outcome <> 'cleared' or valid_until < day
