-- One row per contribution: the latest version counts.
create or replace view report.contributions as
with latest as (
    select contribution_id, max(version) as version from ledger.contribution group by contribution_id
),
money as (
    select
        p.contribution_id,
        sum(case when p.account = 'memo:pledge' then p.base_amount else 0 end) as pledged,
        sum(case when p.account = 'memo:in-kind' then p.base_amount else 0 end) as in_kind,
        sum(case when p.account in ('income:contribution', 'liability:deferred-contribution') then -p.base_amount else 0 end) as signed,
        sum(case when p.account = 'liability:deferred-contribution' then -p.base_amount else 0 end) as deferred,
        sum(case when p.account like 'asset:cash:%' and e.kind in ('deposit', 'bounce') then p.base_amount else 0 end) as received,
        sum(case when coalesce(back.kind, e.kind) = 'application' and p.account = 'liability:unapplied-receipts' then -p.base_amount
            when coalesce(back.kind, e.kind) = 'application' and p.account in ('asset:receivable', 'income:exchange', 'expense:exchange') then -p.base_amount else 0 end) as transferred,
        sum(case when p.account = 'liability:unapplied-receipts' then -p.base_amount else 0 end) as unapplied,
        sum(case when p.account = 'asset:receivable' then p.base_amount else 0 end) as receivable,
        sum(case when p.account = 'asset:promissory-note' then p.base_amount else 0 end) as notes,
        sum(case when p.account = 'expense:write-off' then p.base_amount else 0 end) as written_off,
        sum(case when p.account in ('income:exchange', 'expense:exchange') then -p.base_amount else 0 end) as exchange_difference,
        sum(case when p.account like 'income:interest%' then -p.base_amount else 0 end) as interest_earned,
        sum(case when p.account = 'expense:fee:administration' then p.base_amount else 0 end) as fees,
        sum(case when p.account = 'expense:fee:bank' then p.base_amount else 0 end) as bank_charges,
        sum(case when p.account = 'income:contribution:returned' then p.base_amount else 0 end) as returned,
        sum(case when p.account = 'liability:donor-refund' then -p.base_amount else 0 end) as owed_to_donor,
        sum(case when p.account = 'budget:available' then p.amount else 0 end) as available,
        sum(case when p.account = 'budget:conditional' then p.amount else 0 end) as waiting,
        sum(case when p.account in ('budget:allocated', 'budget:allocated-uncollected', 'budget:committed', 'budget:disbursed')
            and p.request_id is not null then p.amount else 0 end) as allocated,
        sum(case when p.account in ('budget:allocated', 'budget:allocated-uncollected', 'budget:committed', 'budget:disbursed')
            and p.request_id is null then p.amount else 0 end) as administration,
        sum(case when p.account = 'budget:allocated-uncollected' then p.amount else 0 end) as uncollected,
        sum(case when p.account = 'budget:committed' then p.amount else 0 end) as committed,
        sum(case when p.account = 'budget:disbursed' then p.amount else 0 end) as disbursed,
        sum(case when p.account = 'expense:programme' then p.amount else 0 end) as spent
    from ledger.posting p
    join ledger.entry e on e.entry_id = p.entry_id
    left join ledger.reversal v on v.entry_id = e.entry_id
    left join ledger.entry back on back.entry_id = v.reversed_entry_id
    where p.contribution_id is not null
    group by p.contribution_id
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
    coalesce(m.pledged, 0)::decimal(38, 4) as pledged, coalesce(m.in_kind, 0)::decimal(38, 4) as in_kind, coalesce(m.signed, 0)::decimal(38, 4) as signed,
    coalesce(m.deferred, 0)::decimal(38, 4) as deferred, coalesce(m.received, 0)::decimal(38, 4) as received,
    coalesce(m.transferred, 0)::decimal(38, 4) as transferred, coalesce(m.unapplied, 0)::decimal(38, 4) as unapplied,
    coalesce(m.receivable, 0)::decimal(38, 4) as receivable, coalesce(m.notes, 0)::decimal(38, 4) as notes,
    coalesce(m.written_off, 0)::decimal(38, 4) as written_off,
    coalesce(m.exchange_difference, 0)::decimal(38, 4) as exchange_difference,
    coalesce(m.interest_earned, 0)::decimal(38, 4) as interest_earned, coalesce(m.fees, 0)::decimal(38, 4) as fees,
    coalesce(m.bank_charges, 0)::decimal(38, 4) as bank_charges, coalesce(m.returned, 0)::decimal(38, 4) as returned,
    coalesce(m.owed_to_donor, 0)::decimal(38, 4) as owed_to_donor,
    coalesce(m.available, 0)::decimal(38, 4) as available, coalesce(m.waiting, 0)::decimal(38, 4) as waiting, coalesce(h.held, 0)::decimal(38, 4) as held,
    (case when coalesce(h.with_agreements, 0) > 0 then greatest(coalesce(m.available, 0) - coalesce(h.held, 0), 0)
        else coalesce(m.available, 0) - coalesce(h.held, 0) end)::decimal(38, 4) as unheld,
    coalesce(m.allocated, 0)::decimal(38, 4) as allocated, coalesce(m.uncollected, 0)::decimal(38, 4) as uncollected,
    coalesce(m.administration, 0)::decimal(38, 4) as administration,
    coalesce(m.committed, 0)::decimal(38, 4) as committed, coalesce(m.disbursed, 0)::decimal(38, 4) as disbursed,
    coalesce(m.spent, 0)::decimal(38, 4) as spent, greatest(0, -coalesce(m.available, 0))::decimal(38, 4) as deficit, coalesce(c.conditional, false) as conditional,
    c.interest, c.fee_percent, c.fee_schedule, c.report_due, k.closed_on, c.note, c.reason, c.recorded_at
from latest
join ledger.contribution c on c.contribution_id = latest.contribution_id and c.version = latest.version
join ledger.donor d on d.donor_id = c.donor_id
left join ledger.contribution_span days on days.contribution_id = c.contribution_id and days.version = c.version
left join ledger.rate r on r.rate_id = c.rate_id
left join money m on m.contribution_id = c.contribution_id
left join hold h on h.contribution_id = c.contribution_id
left join ledger.contribution_closing k on k.contribution_id = c.contribution_id;

comment on view report.contributions is 'One row per contribution, its latest version, with what has become of its money so far. Pledges are announcements, never spendable; money columns are in the book''s currency.';
comment on column report.contributions.contribution_id is 'the contribution';
comment on column report.contributions.version is 'number of its latest version; earlier ones stay in the book';
comment on column report.contributions.agreement is 'reference of the agreement, where given';
comment on column report.contributions.donor_id is 'the donor''s identifier';
comment on column report.contributions.donor is 'the donor''s name';
comment on column report.contributions.donor_kind is 'state, development_bank, foundation, private_sector, diaspora, multilateral, or facility';
comment on column report.contributions.donor_country is 'the donor''s country, ISO 3166 alpha-3, where given';
comment on column report.contributions.stage is 'pledge (an announcement), agreement (signed) or in-kind (valued, never cash)';
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
comment on column report.contributions.in_kind is 'valued and given in kind, book currency; memo, never cash';
comment on column report.contributions.deferred is 'part of signed of which the conditions are not met yet, book currency';
comment on column report.contributions.transferred is 'receipts not applied that came from another contribution (went to one, where negative), book currency';
comment on column report.contributions.notes is 'signed for and given as promissory notes not yet encashed, book currency';
comment on column report.contributions.written_off is 'signed for and not expected any more, book currency';
comment on column report.contributions.fees is 'fees charged on what came in, book currency';
comment on column report.contributions.bank_charges is 'charges of banks, book currency; they fall on the facility''s own line';
comment on column report.contributions.returned is 'not used and owed or given back to the donor, book currency';
comment on column report.contributions.owed_to_donor is 'part of returned that is not given back yet, book currency';
comment on column report.contributions.waiting is 'received, and not available until a condition is met, book currency';
comment on column report.contributions.committed is 'in signed grant agreements and not yet disbursed, book currency; part of allocated';
comment on column report.contributions.spent is 'expenditure reported by implementers and allowed, book currency; part of disbursed';
comment on column report.contributions.deficit is 'what the contribution lacks since a deposit bounced, book currency; nothing more is decided from it meanwhile';
comment on column report.contributions.conditional is 'whether the agreement has conditions';
comment on column report.contributions.fee_schedule is 'the schedule of fees that it is charged by';
comment on column report.contributions.closed_on is 'day of its closing';
comment on column report.contributions.signed is 'signed for, book currency, at the rate of the signing';
comment on column report.contributions.received is 'cash received in deposits, book currency, at the bank''s or the day''s rate';
comment on column report.contributions.unapplied is 'part of received that is beyond the agreement and so not available, book currency';
comment on column report.contributions.receivable is 'signed for and not yet received, book currency';
comment on column report.contributions.exchange_difference is 'what the cash received is worth above (below, where negative) the value at signing of what it discharged, book currency, and on an amount amended down what was deferred at other rates: signed + exchange_difference - receivable - notes - written_off + unapplied = received + transferred; on the facility''s own line what cash in other currencies has gained or lost: interest_earned + exchange_difference - bank_charges = allocated + administration + available';
comment on column report.contributions.interest_earned is 'interest credited to this contribution, book currency';
comment on column report.contributions.available is 'cash that may still be decided on, book currency, holds not taken off';
comment on column report.contributions.held is 'held by rounds that are neither posted nor cancelled, book currency; with money not yet received where a policy decides on that too';
comment on column report.contributions.unheld is 'available less held, and not below 0 where a round holds money not yet received: the cash that a new round could use, book currency';
comment on column report.contributions.uncollected is 'part of allocated that is not yet received, book currency: received + transferred - unapplied + interest_earned + uncollected - fees - returned = allocated + administration + available + waiting (the facility''s own line bears bank charges and exchange differences too)';
comment on column report.contributions.allocated is 'reserved for requests, net of releases, book currency; later stages included';
comment on column report.contributions.administration is 'decided for the facility''s own costs, net of releases, book currency';
comment on column report.contributions.disbursed is 'cash transferred, book currency; part of allocated or administration';
comment on column report.contributions.interest is 'what the agreement says about interest';
comment on column report.contributions.fee_percent is 'fee that the agreement names, percent';
comment on column report.contributions.report_due is 'day a report to the donor is due';
comment on column report.contributions.note is 'note of the contribution';
comment on column report.contributions.reason is 'why this version was made';
comment on column report.contributions.recorded_at is 'when this version was written to the book, UTC';
