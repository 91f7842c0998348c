-- Adds the donors that the book does not know yet.
--   $log_id
insert into ledger.donor
select donor_id, first(donor order by file, line), first(donor_kind order by file, line), max(donor_country), $log_id
from contribution_staged s where standing in ('new', 'signing') and not exists (select 1 from ledger.donor d where d.donor_id = s.donor_id)
group by donor_id order by donor_id
