-- One row per tranche of a grant agreement.
create or replace view report.tranches as
with gone as (
    select m.commitment_id, m.tranche, sum(m.base_amount) as amount, max(e.entry_date) as last_on
    from ledger.movement m join ledger.entry e using (entry_id)
    where m.kind = 'disbursement' and m.tranche is not null and not exists (select 1 from ledger.reversal r where r.reversed_entry_id = m.entry_id)
    group by m.commitment_id, m.tranche
)
select t.commitment_id, c.implementer, c.request_id, t.tranche, t.due_on, (select value from ledger.setting where name = 'currency') as book_currency, t.amount, t.condition, k.met_on, k.source as met_source,
    coalesce(g.amount, 0)::decimal(38, 4) as disbursed, g.last_on as disbursed_on
from ledger.tranche t join ledger.commitment_now c on c.commitment_id = t.commitment_id
left join ledger.tranche_condition k on k.commitment_id = t.commitment_id and k.tranche = t.tranche
left join gone g on g.commitment_id = t.commitment_id and g.tranche = t.tranche;

comment on view report.tranches is 'One row per tranche of a grant agreement.';
comment on column report.tranches.commitment_id is 'the grant agreement';
comment on column report.tranches.implementer is 'with whom';
comment on column report.tranches.request_id is 'for which request';
comment on column report.tranches.tranche is 'number of the tranche';
comment on column report.tranches.due_on is 'day on which it is planned';
comment on column report.tranches.book_currency is 'currency of the amounts';
comment on column report.tranches.amount is 'planned';
comment on column report.tranches.condition is 'what must be met before it goes out';
comment on column report.tranches.met_on is 'day on which that was met';
comment on column report.tranches.met_source is 'where that is documented';
comment on column report.tranches.disbursed is 'what went out on it';
comment on column report.tranches.disbursed_on is 'day of the last disbursement';
