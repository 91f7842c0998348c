-- Adds the country shares of the new requests; regional and global requests have none.
insert into ledger.request_country
select s.request_id, c.country, c.share_numerator, c.share_denominator
from request_staged s join staged_country c on c.cell = coalesce(s.country, '')
where s.standing = 'new' order by s.request_id, c.country
