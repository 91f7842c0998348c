-- One row per donor.
--   Ordered by name.
select donor_id, donor, donor_kind, donor_country, donor_country_name from report.donors order by donor, donor_id
