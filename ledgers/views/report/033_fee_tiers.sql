-- One row per tier of a schedule of fees.
create or replace view report.fee_tiers as
select fee_schedule, above, share, flat, source, (select value from ledger.setting where name = 'currency') as book_currency from ledger.fee_tier;

comment on view report.fee_tiers is 'One row per tier of a schedule of fees.';
comment on column report.fee_tiers.fee_schedule is 'the schedule';
comment on column report.fee_tiers.above is 'what came in on a contribution before the tier begins, in the book''s currency';
comment on column report.fee_tiers.share is 'charged of what comes in within the tier, 0 to 1';
comment on column report.fee_tiers.flat is 'charged once when the tier is reached';
comment on column report.fee_tiers.source is 'where the schedule is documented';
comment on column report.fee_tiers.book_currency is 'the book''s currency';
