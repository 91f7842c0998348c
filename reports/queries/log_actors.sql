-- One row per name under which somebody wrote to the book.
--   Ordered by name.
select distinct actor from report.log order by actor
