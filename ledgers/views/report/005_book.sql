-- One row.
create or replace view report.book as
select
    named.value as facility, s.value as currency, c.places, opened.value::date as opened_on
from ledger.setting s
join ledger.currency c on c.currency = s.value
join ledger.setting named on named.name = 'name'
join ledger.setting opened on opened.name = 'opened_on'
where s.name = 'currency';

comment on view report.book is 'One row: the facility whose book this is.';
comment on column report.book.facility is 'the facility''s name';
comment on column report.book.currency is 'the book''s currency, ISO 4217';
comment on column report.book.places is 'decimal places of that currency';
comment on column report.book.opened_on is 'day the book was opened';
