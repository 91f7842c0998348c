-- One row per entry that moves money: it has a line on a money or budget account. What is memo alone, such as a pledge, moves none.
create or replace view report.entry_values as
with moved as (
    select
        entry_id, sum(case when family = 'money' then 1 else 0 end) as money_lines,
        sum(case when family = 'money' and base_amount > 0 and account not like 'equity:conversion:%' then base_amount else 0 end) as money,
        sum(case when family = 'budget' and base_amount > 0 then base_amount else 0 end) as budget
    from report.entry_lines
    where family <> 'memo'
    group by entry_id
)
select
    e.entry_id, e.reference, e.kind, e.entry_date, e.recorded_at,
    (case when m.money_lines > 0 then m.money else m.budget end)::decimal(38, 4) as value
from moved m
join report.entries e on e.entry_id = m.entry_id;

comment on view report.entry_values is 'One row per entry that moves money, with how much: what an auditor''s sample is drawn from. Entries on memo accounts alone, such as pledges, move none and are absent.';
comment on column report.entry_values.entry_id is 'the entry';
comment on column report.entry_values.reference is 'its unique reference';
comment on column report.entry_values.kind is 'what kind of entry it is';
comment on column report.entry_values.entry_date is 'the day the entry counts';
comment on column report.entry_values.recorded_at is 'when it was written to the book, UTC';
comment on column report.entry_values.value is 'sum of its debits in the book''s currency: on money accounts, conversion accounts aside because exchange only passes through them; of an entry without lines on money accounts, such as an allocation, on budget accounts';
