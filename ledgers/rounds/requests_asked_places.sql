-- Their countries, or the region of a regional request.
create or replace temp table subject_place as
select request_id, country as place, share_numerator as share from ledger.request_country
union all
select r.request_id, r.country, 1 from ledger.request r
where r.country <> '' and not exists (select 1 from ledger.request_country c where c.request_id = r.request_id)
