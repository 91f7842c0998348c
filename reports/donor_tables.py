"""The tables of a donor's statement: terms, money by contribution, requests, agreements, results, deposits."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from reports.donor_statement import Statement
from reports.lines import ZERO
from reports.money_steps import money_note, shown_parts, shown_steps
from reports.table import Cell, Column, Row, Table
from reports.wording import earmark_words, place, plain_words, ratio

STAGES = ("signed", "received", "allocated", "available")
ATTRIBUTED = (
    "Money is commingled: which contribution pays which request is a reporting attribution by the facility's "
    "written rule, "
    "and no cash of the donor was traced."
)


def contributions_table(s: Statement) -> Table:
    """Return the donor's contributions and their terms."""
    rows = tuple(
        (
            *(row["contribution_id"], row["stage"], row["signed_on"], row["currency"], s.scope.money(row["amount"])),
            *(plain_words(row["earmark_class"]), earmark_words(row["earmark"]), row["use_by"], row["note"]),
        )
        for row in s.contributions
    )
    columns = (
        Column("contribution_id", "Contribution"),
        Column("stage", "Stage"),
        Column("signed_on", "Signed on", "date"),
        Column("currency", "Currency"),
        Column("amount", "Amount", "amount"),
        Column("earmark_class", "Class"),
        Column("earmark", "Earmark"),
        Column("use_by", "Use by", "date"),
        Column("note", "Note"),
    )
    note = "Amount is in the contribution's currency; what became of it is in the next table, in the book's."
    return Table("contributions", "Contributions and their terms", columns, rows, note=note)


def money_table(s: Statement) -> Table:
    """Return what became of the money of each contribution, step by step."""
    steps, parts = shown_steps(s.contributions), shown_parts(s.contributions)
    stages = (*steps, *parts)
    rows = tuple(
        (row["contribution_id"], *(s.scope.money(row[stage.name]) for stage in stages)) for row in s.contributions
    )
    columns = (
        Column("contribution_id", "Contribution"),
        *(Column(stage.name, stage.label, "amount") for stage in stages),
    )
    total: Row = ("Total", *(s.total(stage.name) for stage in stages))
    told = " ".join(f"{part.label}: {part.note}." for part in parts)
    note = f"{money_note(s.contributions)} {told}"
    title = f"What became of the money, {s.scope.currency}"
    return Table("money", title, columns, rows, note=note, total=total)


def versions_table(s: Statement) -> Table:
    """Return every version of terms that changed."""
    rows = tuple(
        (
            *(row["contribution_id"], row["version"], row["counts_from"], row["stage"], earmark_words(row["earmark"])),
            *(row["use_by"], row["reason"], row["recorded_at"], row["recorded_by"]),
        )
        for row in s.versions
    )
    columns = (
        Column("contribution_id", "Contribution"),
        Column("version", "Version", "count"),
        Column("counts_from", "Counts from", "date"),
        Column("stage", "Stage"),
        Column("earmark", "Earmark"),
        Column("use_by", "Use by", "date"),
        Column("reason", "Why"),
        Column("recorded_at", "Recorded, UTC", "date"),
        Column("recorded_by", "By"),
    )
    note = (
        "An amendment counts from the day that it names. What a round has frozen, it keeps: payments stand under "
        "the terms "
        "of that version."
    )
    return Table("versions", "Versions of the terms", columns, rows, note=note)


def payments_table(s: Statement) -> Table:
    """Return the requests that the donor's money pays for, by stage."""
    money = s.scope.money
    later = [name for name in ("committed", "spent") if any(row[name] for row in s.payments)]
    stages = [
        name for name in ("decided", "allocated", "committed", "disbursed", "spent")
        if name in (*later, "decided", "allocated", "disbursed")
    ]  # fmt: skip
    rows = tuple(
        (
            *(row["request_id"], row["title"] or row["applicant"], place(row), row["request_window"]),
            *(row["contribution_id"], plain_words(row["earmark_class"])),
            *(money(row[stage]) for stage in stages),
        )
        for row in s.payments
    )
    columns = (
        Column("request_id", "Request"),
        Column("title", "For"),
        Column("country", "Where"),
        Column("window", "Window"),
        Column("contribution_id", "From"),
        Column("earmark_class", "Class"),
        *(Column(stage, stage.capitalize(), "amount") for stage in stages),
    )
    sums = (money(sum((row[stage] for row in s.payments), ZERO)) for stage in stages)
    total: Row = ("Total", *([None] * 5), *sums)
    return Table("payments", f"Requests paid for, {s.scope.currency}", columns, rows, note=ATTRIBUTED, total=total)


def agreements_table(s: Statement) -> Table:
    """Return the grant agreements that hold the donor's money."""
    money = s.scope.money
    stages = ("committed", "disbursed", "spent", "outside")
    rows = tuple(
        (
            *(row["commitment_id"], row["request_id"], row["implementer"], row["contribution_id"], row["ends_on"]),
            *(money(row[stage]) for stage in stages),
        )
        for row in s.agreements
    )
    columns = (
        Column("commitment_id", "Agreement"),
        Column("request_id", "Request"),
        Column("implementer", "Implementer"),
        Column("contribution_id", "From"),
        Column("ends_on", "Ends on", "date"),
        Column("committed", "Committed", "amount"),
        Column("disbursed", "Disbursed", "amount"),
        Column("spent", "Spent", "amount"),
        Column("outside", "Held there", "amount"),
    )
    sums = (money(sum((row[stage] for row in s.agreements), ZERO)) for stage in stages)
    total: Row = ("Total", *([None] * 4), *sums)
    note = "Committed is not yet disbursed; held there is disbursed, and neither spent nor given back."
    title = f"Grant agreements that hold the money, {s.scope.currency}"
    return Table("agreements", title, columns, rows, note=note, total=total)


def results_table(s: Statement) -> Table:
    """Return what the requests reached, beside the donor's part of their money."""
    rows = tuple(
        (
            *(row["request_id"], row["indicator"], row["unit"], row["baseline"], row["target"], row["actual"]),
            *(row["reported_on"], ratio(row["own"], row["whole"])),
        )
        for row in s.results
    )
    columns = (
        Column("request_id", "Request"),
        Column("indicator", "Indicator"),
        Column("unit", "Unit"),
        Column("baseline", "At first", "amount"),
        Column("target", "Aimed at", "amount"),
        Column("actual", "Reached", "amount"),
        Column("reported_on", "Reported on", "date"),
        Column("share", "Donor's part", "share"),
    )
    note = "A result is the request's; the donor's part is of the money allocated to it, not of the result."
    return Table("results", "Results of the requests paid for", columns, rows, note=note)


def deposits_table(s: Statement) -> Table:
    """Return the cash that came, deposit by deposit."""
    has_bounced = any(row["bounced_on"] for row in s.deposits)
    rows: list[Row] = []
    for row in s.deposits:
        last: tuple[Cell, ...] = (row["bounced_on"],) if has_bounced else ()
        amounts = (s.scope.money(row["amount"]), s.scope.money(row["base_amount"]))
        head = (row["deposit_id"], row["contribution_id"], row["received_on"], row["currency"])
        rows.append((*head, *amounts, row["rate_date"], *last))
    columns = (
        Column("deposit_id", "Deposit"),
        Column("contribution_id", "Contribution"),
        Column("received_on", "Received on", "date"),
        Column("currency", "Currency"),
        Column("amount", "Amount", "amount"),
        Column("base_amount", f"In {s.scope.currency}", "amount"),
        Column("rate_date", "Date of rate", "date"),
        *([Column("bounced_on", "Bounced on", "date")] if has_bounced else []),
    )
    whole = s.scope.money(sum((row["base_amount"] for row in s.deposits), ZERO))
    total: Row = ("Total", None, None, None, None, whole, *([None] * (len(columns) - 6)))
    note = "Without a date of rate the amount is what the bank credited."
    return Table("deposits", "Deposits: cash received", columns, tuple(rows), note=note, total=total)


def classes_table(s: Statement) -> Table:
    """Return the donor's money by class of earmark."""
    by_class: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in s.contributions:
        for stage in STAGES:
            by_class[row["earmark_class"]][stage] += row[stage]
    order = [name for name in ("unearmarked", "softly", "earmarked", "tightly") if name in by_class]
    rows: list[Row] = [
        (plain_words(name), *(s.scope.money(by_class[name][stage]) for stage in STAGES)) for name in order
    ]
    columns = (
        Column("earmark_class", "Class"),
        Column("signed", "Signed", "amount"),
        Column("received", "Received", "amount"),
        Column("allocated", "Allocated", "amount"),
        Column("available", "Available", "amount"),
    )
    return Table("classes", f"By class of earmark, {s.scope.currency}", columns, tuple(rows))
