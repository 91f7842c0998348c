-- Every staged rate and what it is to the book: new, already or conflict.
create or replace temp table rate_staged as
select s.*, r.units_per_base as known,
    case when r.currency is null then 'new' when r.units_per_base = s.units_per_base then 'already' else 'conflict' end as standing
from staged s left join ledger.rate r using (currency, rate_date)
