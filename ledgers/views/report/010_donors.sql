-- One row per donor.
create or replace view report.donors as
select
    d.donor_id, d.donor, d.donor_kind, d.donor_country, country.name as donor_country_name
from ledger.donor d
left join ledger.country country on country.country = d.donor_country;

comment on view report.donors is 'One row per donor, the facility itself included (donor_kind ''facility'').';
comment on column report.donors.donor_id is 'the donor''s identifier: its case-folded name';
comment on column report.donors.donor is 'the donor''s name as first written';
comment on column report.donors.donor_kind is 'state, development_bank, foundation, private_sector, diaspora, multilateral, or facility';
comment on column report.donors.donor_country is 'the donor''s country, ISO 3166 alpha-3, where given';
comment on column report.donors.donor_country_name is 'that country''s name';
