-- One row per version of a contribution's terms. An amendment counts from the day that it names, an old one that names none from that of its writing;
-- the signing of a pledge counts from the day of signing.
create or replace view report.contribution_versions as
select
    c.contribution_id, c.version, c.version = latest.version as is_latest, c.agreement, c.donor_id, d.donor, d.donor_kind, c.stage, c.signed_on,
    case when c.version = 1 or c.stage <> before.stage then c.signed_on else coalesce(c.valid_from, c.recorded_at::date) end as counts_from,
    c.currency, c.amount, s.value as book_currency, c.base_amount, r.rate_date, r.units_per_base, r.source as rate_source,
    c.earmark, c.earmark_class, c.use_by, days.spend_from, days.spend_to, c.country_share_max, coalesce(c.conditional, false) as conditional, c.interest, c.fee_percent, c.fee_schedule, c.report_due, c.note, c.reason,
    c.recorded_at, l.actor as recorded_by, l.command, l.file, c.log_id
from ledger.contribution c
join (
    select contribution_id, max(version) as version from ledger.contribution group by contribution_id
) latest on latest.contribution_id = c.contribution_id
join ledger.donor d on d.donor_id = c.donor_id
join ledger.setting s on s.name = 'currency'
left join ledger.contribution before on before.contribution_id = c.contribution_id and before.version = c.version - 1
left join ledger.contribution_span days on days.contribution_id = c.contribution_id and days.version = c.version
left join ledger.rate r on r.rate_id = c.rate_id
left join ledger.log l on l.log_id = c.log_id;

comment on view report.contribution_versions is 'One row per version of a contribution''s terms: what it said, why it was made, when and by whom. Rounds keep the version that they froze; see round_contributions.';
comment on column report.contribution_versions.contribution_id is 'the contribution';
comment on column report.contribution_versions.version is 'number of the version, from 1';
comment on column report.contribution_versions.is_latest is 'whether no later version stands';
comment on column report.contribution_versions.agreement is 'reference of the agreement, where given';
comment on column report.contribution_versions.donor_id is 'the donor''s identifier';
comment on column report.contribution_versions.donor is 'the donor''s name';
comment on column report.contribution_versions.donor_kind is 'the donor''s kind';
comment on column report.contribution_versions.stage is 'pledge (an announcement) or agreement (signed)';
comment on column report.contribution_versions.signed_on is 'day of signing';
comment on column report.contribution_versions.counts_from is 'first day of this version: the day of signing for the first version and for the signing of a pledge, the day that an amendment names, else that of its writing; empty where the first version has no day of signing';
comment on column report.contribution_versions.currency is 'the contribution''s currency';
comment on column report.contribution_versions.amount is 'what the donor announced or signed, in currency';
comment on column report.contribution_versions.book_currency is 'the book''s currency';
comment on column report.contribution_versions.base_amount is 'amount in the book''s currency at the rate of rate_date';
comment on column report.contribution_versions.rate_date is 'date of the rate that base_amount was converted at, where the currencies differ';
comment on column report.contribution_versions.units_per_base is 'units of currency per one unit of the book''s currency at that rate';
comment on column report.contribution_versions.rate_source is 'who published that rate';
comment on column report.contribution_versions.earmark is 'the donor''s restriction, in the term language; empty admits everything';
comment on column report.contribution_versions.earmark_class is 'unearmarked, softly, earmarked or tightly: derived from the terms';
comment on column report.contribution_versions.use_by is 'last day of the spending it may fund';
comment on column report.contribution_versions.spend_from is 'first day of the expenditure that it may pay, where the donor sets one';
comment on column report.contribution_versions.spend_to is 'last day of the expenditure that it may pay, where the donor sets one beside use_by';
comment on column report.contribution_versions.country_share_max is 'largest share of the contribution in one country, 0 to 1';
comment on column report.contribution_versions.conditional is 'whether the agreement has conditions';
comment on column report.contribution_versions.interest is 'what the agreement says about interest';
comment on column report.contribution_versions.fee_percent is 'fee that the agreement names, percent';
comment on column report.contribution_versions.fee_schedule is 'the schedule of fees that it is charged by';
comment on column report.contribution_versions.report_due is 'day a report to the donor is due';
comment on column report.contribution_versions.note is 'note of the contribution';
comment on column report.contribution_versions.reason is 'why this version was made; empty for the first';
comment on column report.contribution_versions.recorded_at is 'when it was written to the book, UTC';
comment on column report.contribution_versions.recorded_by is 'who wrote it';
comment on column report.contribution_versions.command is 'the command that wrote it';
comment on column report.contribution_versions.file is 'the file it was read from, where there is one';
comment on column report.contribution_versions.log_id is 'the write that brought it, in report.log';
