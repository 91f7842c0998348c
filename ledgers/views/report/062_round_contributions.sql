-- One row per (round, contribution).
create or replace view report.round_contributions as
select
    f.round_id, f.contribution_id, f.version, f.donor, d.donor_kind, c.earmark_class, f.earmark, f.use_by, days.spend_from, days.spend_to, f.country_cap, r.currency, f.available,
    coalesce(v.receivable, 0)::decimal(18, 4) as receivable
from ledger.round_contribution f
join ledger.round r on r.round_id = f.round_id
join ledger.contribution c on c.contribution_id = f.contribution_id and c.version = f.version
join ledger.donor d on d.donor_id = c.donor_id
left join ledger.round_receivable v on v.round_id = f.round_id and v.contribution_id = f.contribution_id
left join ledger.contribution_span days on days.contribution_id = f.contribution_id and days.version = f.version;

comment on view report.round_contributions is 'One row per contribution that a round froze, with its terms as they stood.';
comment on column report.round_contributions.round_id is 'the round';
comment on column report.round_contributions.contribution_id is 'the contribution';
comment on column report.round_contributions.version is 'version of the contribution that the round froze';
comment on column report.round_contributions.donor is 'the donor''s name';
comment on column report.round_contributions.donor_kind is 'the donor''s kind';
comment on column report.round_contributions.earmark_class is 'unearmarked, softly, earmarked or tightly';
comment on column report.round_contributions.earmark is 'the donor''s restriction as the round froze it';
comment on column report.round_contributions.use_by is 'last day of the spending it may fund';
comment on column report.round_contributions.spend_from is 'first day of the expenditure that it may pay, where the donor sets one';
comment on column report.round_contributions.spend_to is 'last day of the expenditure that it may pay, where the donor sets one beside use_by';
comment on column report.round_contributions.country_cap is 'most that it may pay in one country, over all rounds, in currency';
comment on column report.round_contributions.currency is 'currency of the amounts';
comment on column report.round_contributions.available is 'what the round could use of it when it opened';
comment on column report.round_contributions.receivable is 'part of available that was signed for and not yet received when the round opened';
