-- Whether a movement is in another currency than the book's, says its amount in that, or names a bank: at most one row.
--   $base  the book's currency
select 1 from movement where currency <> $base or given_base is not null or bank is not null limit 1
