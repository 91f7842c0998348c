-- Adds the days that the new versions of contributions may pay, where they name any.
insert into ledger.contribution_span
select contribution_id, next_version, spend_from, spend_to from contribution_staged
where standing in ('new', 'signing') and (spend_from is not null or spend_to is not null) order by contribution_id
