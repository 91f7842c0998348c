-- What both tools' lines are made of: a macro that gives a table, for this connection only. Needs the macros of `words.sql`.
--   last_day     last entry date
--   moment       UTC time or null: what was written not after it
--   in_base      whether every amount is the base amount, in the book's currency
--   accounts     the book's accounts     names   their names in the ledger, in the same order
--   currencies   the currencies          places  their decimal places, in the same order
-- One row a posting, with what its entry says beside it: `is_first` marks the first posting of an entry; `amount` is the amount with its currency;
-- `base` and `original` the one that is not it, where it differs; `payee` the implementer of the agreement, the donor, where the entry is of one alone, or else the applicant.
create or replace temp macro ledger_lines(last_day, moment, in_base, accounts, names, currencies, places) as table
with named as (
    select unnest(accounts::varchar[]) as account, unnest(names::varchar[]) as name
),
kept as (
    select unnest(currencies::varchar[]) as currency, unnest(places::integer[]) as places
),
posting as (
    select * from report.postings
    where entry_date <= last_day::date and (moment::timestamp is null or recorded_at <= moment::timestamp)
),
entry as (
    select
        entry_id, min(line) as first_line,
        case when min(donor_id) = max(donor_id) then min(donor_id) end as donor_id,
        case when min(request_id) = max(request_id) then min(request_id) end as request_id, max(implementer) as implementer
    from posting
    group by entry_id
),
written as (
    select
        p.*, n.name, ledger_amount(p.amount, k.places) || ' ' || p.currency as in_own, ledger_amount(p.base_amount, b.places) || ' ' || p.book_currency as in_books
    from posting p
    join named n on n.account = p.account
    join kept k on k.currency = p.currency
    join kept b on b.currency = p.book_currency
)
select
    w.entry_date, w.entry_id, w.line, w.line = e.first_line as is_first, w.kind, w.reference, w.purpose, w.narration, w.recorded_at,
    coalesce(e.implementer, d.donor, q.applicant) as payee, w.name, case when in_base::boolean then in_books else in_own end as amount,
    case when in_own <> in_books and not in_base::boolean then in_books end as base,
    case when in_own <> in_books and in_base::boolean then in_own end as original,
    w.rate_date, w.contribution_id, w.request_id
from written w
join entry e on e.entry_id = w.entry_id
left join report.donors d on d.donor_id = e.donor_id and d.donor_kind <> 'facility'
left join report.requests q on q.request_id = e.request_id;
