-- One row per contribution: the latest version counts.
create or replace view report.contributions as
with latest as (
    select contribution_id, max(version) as version from ledger.contribution group by contribution_id
),
money as (
    select
        contribution_id,
        sum(case when account = 'memo:pledge' then base_amount else 0 end) as pledged,
        sum(case when account = 'income:contribution' then -base_amount else 0 end) as signed,
        sum(case when account like 'asset:cash:%' and kind = 'deposit' then base_amount else 0 end) as received,
        sum(case when account = 'liability:unapplied-receipts' then -base_amount else 0 end) as unapplied,
        sum(case when account = 'asset:receivable' then base_amount else 0 end) as receivable,
        sum(case when account in ('income:exchange', 'expense:exchange') then -base_amount else 0 end) as exchange_difference,
        sum(case when account = 'income:interest' then -base_amount else 0 end) as interest_earned,
        sum(case when account = 'budget:available' then amount else 0 end) as available,
        sum(case when account in ('budget:allocated', 'budget:allocated-uncollected', 'budget:committed', 'budget:disbursed')
            and request_id is not null then amount else 0 end) as allocated,
        sum(case when account in ('budget:allocated', 'budget:allocated-uncollected', 'budget:committed', 'budget:disbursed')
            and request_id is null then amount else 0 end) as administration,
        sum(case when account = 'budget:allocated-uncollected' then amount else 0 end) as uncollected,
        sum(case when account = 'budget:disbursed' then amount else 0 end) as disbursed
    from report.postings
    where contribution_id is not null
    group by contribution_id
),
hold as (
    select held.contribution_id, sum(held.available) as held, count(v.receivable) as with_agreements
    from ledger.round_contribution held
    left join ledger.round_receivable v on v.round_id = held.round_id and v.contribution_id = held.contribution_id
    left join ledger.round_event closed on closed.round_id = held.round_id and closed.event in ('cancelled', 'posted')
    where closed.round_id is null
    group by held.contribution_id
)
select
    c.contribution_id, c.version, c.agreement, c.donor_id, d.donor, d.donor_kind, d.donor_country, c.stage, c.signed_on,
    c.currency, c.amount, (select value from ledger.setting where name = 'currency') as book_currency, c.base_amount,
    r.rate_date, r.units_per_base, r.source as rate_source, c.earmark, c.earmark_class, c.use_by, days.spend_from, days.spend_to, c.country_share_max,
    coalesce(m.pledged, 0)::decimal(38, 4) as pledged, coalesce(m.signed, 0)::decimal(38, 4) as signed,
    coalesce(m.received, 0)::decimal(38, 4) as received, coalesce(m.unapplied, 0)::decimal(38, 4) as unapplied,
    coalesce(m.receivable, 0)::decimal(38, 4) as receivable,
    coalesce(m.exchange_difference, 0)::decimal(38, 4) as exchange_difference,
    coalesce(m.interest_earned, 0)::decimal(38, 4) as interest_earned,
    coalesce(m.available, 0)::decimal(38, 4) as available, coalesce(h.held, 0)::decimal(38, 4) as held,
    (case when coalesce(h.with_agreements, 0) > 0 then greatest(coalesce(m.available, 0) - coalesce(h.held, 0), 0)
        else coalesce(m.available, 0) - coalesce(h.held, 0) end)::decimal(38, 4) as unheld,
    coalesce(m.allocated, 0)::decimal(38, 4) as allocated, coalesce(m.uncollected, 0)::decimal(38, 4) as uncollected,
    coalesce(m.administration, 0)::decimal(38, 4) as administration,
    coalesce(m.disbursed, 0)::decimal(38, 4) as disbursed, c.interest, c.fee_percent, c.report_due, c.note, c.reason, c.recorded_at
from latest
join ledger.contribution c on c.contribution_id = latest.contribution_id and c.version = latest.version
join ledger.donor d on d.donor_id = c.donor_id
left join ledger.contribution_span days on days.contribution_id = c.contribution_id and days.version = c.version
left join ledger.rate r on r.rate_id = c.rate_id
left join money m on m.contribution_id = c.contribution_id
left join hold h on h.contribution_id = c.contribution_id;

comment on view report.contributions is 'One row per contribution, its latest version, with what has become of its money so far. Pledges are announcements, never spendable; money columns are in the book''s currency.';
comment on column report.contributions.contribution_id is 'the contribution';
comment on column report.contributions.version is 'number of its latest version; earlier ones stay in the book';
comment on column report.contributions.agreement is 'reference of the agreement, where given';
comment on column report.contributions.donor_id is 'the donor''s identifier';
comment on column report.contributions.donor is 'the donor''s name';
comment on column report.contributions.donor_kind is 'state, development_bank, foundation, private_sector, diaspora, multilateral, or facility';
comment on column report.contributions.donor_country is 'the donor''s country, ISO 3166 alpha-3, where given';
comment on column report.contributions.stage is 'pledge (an announcement) or agreement (signed)';
comment on column report.contributions.signed_on is 'day of signing';
comment on column report.contributions.currency is 'the contribution''s currency';
comment on column report.contributions.amount is 'what the donor announced or signed, in currency';
comment on column report.contributions.book_currency is 'the book''s currency';
comment on column report.contributions.base_amount is 'amount in the book''s currency at the rate of rate_date';
comment on column report.contributions.rate_date is 'date of the rate that base_amount was converted at, where the currencies differ';
comment on column report.contributions.units_per_base is 'units of currency per one unit of the book''s currency at that rate';
comment on column report.contributions.rate_source is 'who published that rate';
comment on column report.contributions.earmark is 'the donor''s restriction, in the term language; empty admits everything';
comment on column report.contributions.earmark_class is 'unearmarked, softly, earmarked or tightly: derived from the terms';
comment on column report.contributions.use_by is 'last day of the spending it may fund';
comment on column report.contributions.spend_from is 'first day of the expenditure that it may pay, where the donor sets one';
comment on column report.contributions.spend_to is 'last day of the expenditure that it may pay, where the donor sets one beside use_by';
comment on column report.contributions.country_share_max is 'largest share of the contribution in one country, 0 to 1';
comment on column report.contributions.pledged is 'announced and not yet signed, book currency; never spendable';
comment on column report.contributions.signed is 'signed for, book currency, at the rate of the signing';
comment on column report.contributions.received is 'cash received in deposits, book currency, at the bank''s or the day''s rate';
comment on column report.contributions.unapplied is 'part of received that is beyond the agreement and so not available, book currency';
comment on column report.contributions.receivable is 'signed for and not yet received, book currency';
comment on column report.contributions.exchange_difference is 'what the cash received is worth above (below, where negative) the value at signing of what it discharged, book currency: signed + exchange_difference - receivable + unapplied = received';
comment on column report.contributions.interest_earned is 'interest credited to this contribution, book currency';
comment on column report.contributions.available is 'cash that may still be decided on, book currency, holds not taken off';
comment on column report.contributions.held is 'held by rounds that are neither posted nor cancelled, book currency; with money not yet received where a policy decides on that too';
comment on column report.contributions.unheld is 'available less held, and not below 0 where a round holds money not yet received: the cash that a new round could use, book currency';
comment on column report.contributions.uncollected is 'part of allocated that is not yet received, book currency: received + interest_earned + uncollected = allocated + administration + available + unapplied';
comment on column report.contributions.allocated is 'reserved for requests, net of releases, book currency; later stages included';
comment on column report.contributions.administration is 'decided for the facility''s own costs, net of releases, book currency';
comment on column report.contributions.disbursed is 'cash transferred, book currency; part of allocated or administration';
comment on column report.contributions.interest is 'what the agreement says about interest';
comment on column report.contributions.fee_percent is 'fee that the agreement names, percent';
comment on column report.contributions.report_due is 'day a report to the donor is due';
comment on column report.contributions.note is 'note of the contribution';
comment on column report.contributions.reason is 'why this version was made';
comment on column report.contributions.recorded_at is 'when this version was written to the book, UTC';
