"""Contributions as they stand: one with its instalments, deposits, events, terms and money; all in a list."""

from __future__ import annotations

from ledgers.store import Book
from reports.scope import found
from reports.sheet import Part, Sheet, sheet, table
from reports.table import Column, Table

_MONEY = (
    Column("pledged", "Pledged, {base}", "amount"),
    Column("in_kind", "In kind, {base}", "amount"),
    Column("signed", "Signed for, {base}", "amount"),
    Column("deferred", "of which under conditions, {base}", "amount"),
    Column("received", "Received, {base}", "amount"),
    Column("transferred", "Applied from another contribution, {base}", "amount"),
    Column("unapplied", "Received and not applied, {base}", "amount"),
    Column("receivable", "Not yet received, {base}", "amount"),
    Column("notes", "In promissory notes, {base}", "amount"),
    Column("written_off", "Written off, {base}", "amount"),
    Column("exchange_difference", "Exchange difference, {base}", "amount"),
    Column("interest_earned", "Interest, {base}", "amount"),
    Column("fees", "Fees, {base}", "amount"),
    Column("returned", "Not used and returned, {base}", "amount"),
    Column("owed_to_donor", "of which still owed to the donor, {base}", "amount"),
    Column("waiting", "Received under conditions, {base}", "amount"),
    Column("available", "Available, {base}", "amount"),
    Column("held", "of which held by open rounds, {base}", "amount"),
    Column("deficit", "In deficit by, {base}", "amount"),
    Column("allocated", "Allocated, {base}", "amount"),
    Column("uncollected", "of which not yet received, {base}", "amount"),
    Column("committed", "of which committed, {base}", "amount"),
    Column("disbursed", "of which disbursed, {base}", "amount"),
    Column("spent", "of which spent, {base}", "amount"),
    Column("administration", "For administration, {base}", "amount"),
)

_PARTS = (
    Part(
        "contribution",
        "contribution",
        "Contribution",
        (
            Column("contribution_id", "Contribution"),
            Column("donor", "Donor"),
            Column("stage", "Stage"),
            Column("agreement", "Agreement"),
            Column("signed_on", "Signed on", "date"),
            Column("currency", "Currency"),
            Column("amount", "Amount in it", "amount"),
            Column("earmark", "Earmark"),
            Column("earmark_class", "Class"),
            Column("use_by", "Use by", "date"),
            Column("spend_from", "Pays from", "date"),
            Column("spend_to", "Pays until", "date"),
            Column("country_share_max", "One country at most", "share"),
            Column("conditional", "Has conditions"),
            Column("interest", "Interest is of the"),
            Column("fee_percent", "Fee on deposits", "share"),
            Column("fee_schedule", "Fees by schedule"),
            Column("report_due", "Report due", "date"),
            Column("closed_on", "Closed on", "date"),
            *_MONEY,
        ),
    ),
    Part(
        "contribution_instalments",
        "instalments",
        "Instalments",
        (
            Column("due_on", "Due on", "date"),
            Column("currency", "Currency"),
            Column("amount", "Due", "amount"),
            Column("covered", "Covered", "amount"),
        ),
        "Cash, notes and receipts applied cover the earliest first.",
    ),
    Part(
        "contribution_rescheduled",
        "rescheduled",
        "Instalments before they were agreed anew",
        (
            Column("version", "Version", "count"),
            Column("counts_until", "Counted before", "date"),
            Column("due_on", "Due on", "date"),
            Column("currency", "Currency"),
            Column("amount", "Due", "amount"),
        ),
    ),
    Part(
        "contribution_deposits",
        "deposits",
        "Deposits",
        (
            Column("deposit_id", "Deposit"),
            Column("received_on", "Received on", "date"),
            Column("currency", "Currency"),
            Column("amount", "Amount", "amount"),
            Column("base_amount", "In {base}", "amount"),
            Column("unapplied_base_amount", "Not applied, {base}", "amount"),
            Column("entry_id", "Entry", "count"),
        ),
        "Not applied is what stood over when the deposit came; what was applied later is among the events.",
    ),
    Part(
        "contribution_events",
        "events",
        "Events",
        (
            Column("event_date", "On", "date"),
            Column("event", "Event"),
            Column("subject", "Of"),
            Column("currency", "Currency"),
            Column("amount", "Amount", "amount"),
            Column("told", "Source or reason"),
        ),
    ),
    Part(
        "contribution_terms",
        "terms",
        "Versions of its terms",
        (
            Column("version", "No.", "count"),
            Column("counts_from", "Counts from", "date"),
            Column("stage", "Stage"),
            Column("currency", "Currency"),
            Column("amount", "Amount", "amount"),
            Column("earmark", "Earmark"),
            Column("use_by", "Use by", "date"),
            Column("reason", "Why"),
            Column("recorded_by", "By"),
        ),
    ),
)

_LIST = Part(
    "contributions",
    "contributions",
    "Contributions",
    (
        Column("contribution_id", "Contribution"),
        Column("donor", "Donor"),
        Column("stage", "Stage"),
        Column("currency", "Currency"),
        Column("amount", "Amount", "amount"),
        Column("use_by", "Use by", "date"),
        Column("receivable", "Not yet received, {base}", "amount"),
        Column("received", "Received, {base}", "amount"),
        Column("available", "Available, {base}", "amount"),
        Column("allocated", "Allocated, {base}", "amount"),
        Column("closed_on", "Closed on", "date"),
    ),
)


def contribution(book: Book, contribution_id: str) -> Sheet:
    """Return a contribution as it stands; the facility's own line is one as well.

    Raises:
        SubjectUnknown: the book has none of that id.
    """
    known = [row["contribution_id"] for row in book.records("reports.queries", _LIST.query)]
    name = found("contribution", contribution_id, known)
    return sheet(book, "contribution", f"Contribution {name}", _PARTS, contribution_id=name)


def contributions(book: Book) -> Table:
    """Return every contribution, one a row, in order of their ids."""
    return table(book, _LIST)
