"""Grant agreements as they stand: one with its tranches, movements, decisions and results; all in a list."""

from __future__ import annotations

from ledgers.store import Book
from reports.scope import found
from reports.sheet import Part, Sheet, sheet, table
from reports.table import Column, Table

_MONEY = (
    Column("amount", "Signed for, {base}", "amount"),
    Column("released", "Released, {base}", "amount"),
    Column("committed", "Still to disburse, {base}", "amount"),
    Column("disbursed", "Disbursed less given back, {base}", "amount"),
    Column("spent", "Spent, {base}", "amount"),
    Column("provisional", "of which provisional, {base}", "amount"),
    Column("indirect", "of which indirect cost, {base}", "amount"),
    Column("advance", "In the implementer's hands, {base}", "amount"),
    Column("refunded", "Refunded, {base}", "amount"),
    Column("disallowed", "Disallowed, {base}", "amount"),
    Column("owed", "Owed by the implementer, {base}", "amount"),
    Column("recovered", "Recovered, {base}", "amount"),
)

_PARTS = (
    Part(
        "agreement",
        "agreement",
        "Agreement",
        (
            Column("commitment_id", "Agreement"),
            Column("state", "State"),
            Column("request_id", "Request"),
            Column("title", "For"),
            Column("implementer", "Implementer"),
            Column("agreement", "Reference"),
            Column("signed_on", "Signed on", "date"),
            Column("starts_on", "Starts on", "date"),
            Column("ends_on", "Ends on", "date"),
            Column("report_due", "Final report due", "date"),
            Column("reported_to", "Reported until", "date"),
            Column("has_final", "Final report has come"),
            Column("is_flagged", "Audit flag stands"),
            Column("ended_on", "Closed operationally on", "date"),
            Column("closed_on", "Closed financially on", "date"),
            Column("indirect_max", "Indirect cost at most", "share"),
            *_MONEY,
        ),
    ),
    Part(
        "agreement_payers",
        "payers",
        "Whose money it is, {base}",
        (
            Column("contribution_id", "Contribution"),
            Column("donor", "Donor"),
            Column("committed", "Still to disburse, {base}", "amount"),
            Column("disbursed", "Disbursed, {base}", "amount"),
            Column("spent", "Spent, {base}", "amount"),
        ),
        "Every movement is split over the contributions of the balance that it reduces, in proportion to what each has "
        "there.",
    ),
    Part(
        "agreement_tranches",
        "tranches",
        "Tranches, {base}",
        (
            Column("tranche", "No.", "count"),
            Column("due_on", "Planned for", "date"),
            Column("amount", "Planned, {base}", "amount"),
            Column("disbursed", "Disbursed, {base}", "amount"),
            Column("condition", "Condition"),
            Column("met_on", "Met on", "date"),
        ),
    ),
    Part(
        "agreement_movements",
        "movements",
        "What moved",
        (
            Column("entry_id", "Entry", "count"),
            Column("entry_date", "Date", "date"),
            Column("kind", "What"),
            Column("movement_id", "Id"),
            Column("tranche", "Tranche", "count"),
            Column("currency", "Currency"),
            Column("amount", "Amount", "amount"),
            Column("base_amount", "In {base}", "amount"),
            Column("status", "Status"),
            Column("taken_back_because", "Taken back"),
        ),
    ),
    Part(
        "agreement_decisions",
        "decisions",
        "Decisions",
        (
            Column("decided_on", "On", "date"),
            Column("decision", "Decision"),
            Column("rule", "Rule"),
            Column("valid_until", "Until", "date"),
            Column("reason", "Why"),
            Column("decided_by", "By"),
        ),
    ),
    Part(
        "agreement_clearances",
        "clearances",
        "Clearances of the implementer",
        (
            Column("clearance", "Clearance"),
            Column("cleared_on", "On", "date"),
            Column("outcome", "Outcome"),
            Column("valid_until", "Holds until", "date"),
            Column("source", "Source"),
        ),
    ),
    Part(
        "agreement_results",
        "results",
        "Results of the request",
        (
            Column("indicator", "Indicator"),
            Column("unit", "Unit"),
            Column("baseline", "At first", "amount"),
            Column("target", "Aimed at", "amount"),
            Column("actual", "Reached", "amount"),
            Column("reported_on", "Reported on", "date"),
            Column("source", "Source"),
        ),
    ),
)

_LIST = Part(
    "agreements",
    "agreements",
    "Grant agreements, {base}",
    (
        Column("commitment_id", "Agreement"),
        Column("request_id", "Request"),
        Column("implementer", "Implementer"),
        Column("state", "State"),
        Column("is_flagged", "Flagged"),
        Column("ends_on", "Ends on", "date"),
        *(
            column
            for column in _MONEY
            if column.name in ("amount", "committed", "disbursed", "spent", "advance", "owed")
        ),
    ),
)


def agreement(book: Book, commitment_id: str) -> Sheet:
    """Return a grant agreement as it stands.

    Raises:
        SubjectUnknown: the book has none of that id.
    """
    known = [row["commitment_id"] for row in book.records("reports.queries", _LIST.query)]
    name = found("commitment", commitment_id, known)
    return sheet(book, "agreement", f"Grant agreement {name}", _PARTS, commitment_id=name)


def agreements(book: Book) -> Table:
    """Return every grant agreement, one a row, in order of their ids."""
    return table(book, _LIST)
