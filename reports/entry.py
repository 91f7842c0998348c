"""One entry of the journal, shown whole: words, lines, that it balances and is what was written, and its trail."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ledgers.errors import FacilityError
from ledgers.store import Book
from reports.entry_digest import content_digest
from reports.report import Fact, Report
from reports.scope import PACKAGE, Scope, scope_of
from reports.table import Column, Row, Table, plain, without_controls
from reports.trail import COLUMNS, Step, behind, trails
from reports.wording import day, exact, listed

ZERO = Decimal(0)
FAMILIES = ("money", "budget", "memo")
_NUMBER_MAX = 2**63 - 1
_LIKE_ENOUGH = 0.7
"""From this likeness on, of 0 to 1, another reference is worth a suggestion."""

Record = dict[str, Any]


class EntryUnknown(FacilityError):
    """A number or reference that no entry of the book has."""

    code = "entry-unknown"


@dataclass(frozen=True, slots=True)
class _Sum:
    """What the lines of one family sum to: in one currency, or in the book's over all of them."""

    family: str
    currency: str
    is_base: bool
    debits: Decimal
    credits: Decimal

    @property
    def difference(self) -> Decimal:
        return self.debits - self.credits


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as a report, and whether it is sound.

    Attributes:
        report: What to show.
        faults: What is wrong with it, one sentence each; nothing where it balances and is what was written.
    """

    report: Report
    faults: tuple[str, ...]


def shown_entry(book: Book, named: str) -> Shown:
    """Return one entry.

    Args:
        book: The open book.
        named: Its number or its reference.

    Raises:
        EntryUnknown: there is none.
    """
    entry_ids = [_meant(book, named)]
    scope = scope_of(book, None, None)
    header = scope.records("entry_headers", entry_ids=entry_ids)[0]
    lines = scope.records("entry_lines", entry_ids=entry_ids)
    sums = _sums(scope, lines)
    recomputed = content_digest(header, lines)
    faults = _faults(header, lines, sums, recomputed)
    steps = trails(scope, [header])[header["entry_id"]]
    report = Report(
        name="entry",
        title=f"Entry {header['entry_id']}: {header['reference']}",
        facility=scope.facility,
        currency=scope.currency,
        as_of=header["entry_date"],
        known_at=None,
        answer=_answer(scope, header, sums, faults),
        facts=_facts(scope, sums),
        charts=(),
        tables=(
            _header_table(header, recomputed),
            _lines_table(scope, lines),
            _totals_table(sums),
            # The header tells the write.
            _trail_table([step for step in steps if step.what != "write"]),
        ),
        definitions=_definitions(),
        sources=(f"The journal of {scope.facility}, its log and its public views.",),
    )
    return Shown(report, tuple(faults))


def _meant(book: Book, named: str) -> int:
    """Return the number of the entry that a number or a reference means."""
    number = int(named) if named.isascii() and named.isdecimal() and int(named) <= _NUMBER_MAX else None
    found = book.records(PACKAGE, "entry_meant", number=number, reference=named)
    if found:
        return int(found[0]["entry_id"])
    near = book.records(PACKAGE, "entry_nearest", reference=named)
    if not near:
        raise EntryUnknown("the book has no entries yet", remedy="import contributions or deposits, or post a round")
    nearest = near[0]
    if nearest["has_part"] or (number is None and nearest["likeness"] >= _LIKE_ENOUGH):
        remedy = f"did you mean '{nearest['reference']}'? (in quotes: the shell reads upright strokes its own way)"
    else:
        remedy = (
            f"the entries are numbered 1 to {nearest['last_entry']}; `facility sql 'from report.entries'` lists them"
        )
    raise EntryUnknown(f"there is no entry {without_controls(named)} in the book", remedy=remedy)


def _sums(scope: Scope, lines: list[Record]) -> list[_Sum]:
    sums = []
    for family in FAMILIES:
        by_currency: dict[str, list[Decimal]] = defaultdict(list)
        base: list[Decimal] = []
        for line in lines:
            if line["family"] == family:
                by_currency[line["currency"]].append(line["amount"])
                base.append(line["base_amount"])
        sums += [_sum(scope, family, each, False, by_currency[each]) for each in sorted(by_currency)]
        if base:
            sums.append(_sum(scope, family, scope.currency, True, base))
    return sums


def _sum(scope: Scope, family: str, currency: str, is_base: bool, amounts: list[Decimal]) -> _Sum:
    debits = scope.money(sum((each for each in amounts if each > 0), ZERO))
    return _Sum(family, currency, is_base, debits, debits - scope.money(sum(amounts, ZERO)))


def _faults(header: Record, lines: list[Record], sums: list[_Sum], recomputed: str) -> list[str]:
    faults = [
        f"its {each.family} lines are off by {exact(each.difference, each.currency)}"
        + (" in base amounts" if each.is_base else "")
        for each in sums
        if each.difference
    ]
    if not lines:
        faults.append("it has no lines")
    if recomputed != header["digest"]:
        faults.append(f"its content is not what was written: its digest would be {recomputed}")
    return faults


def _answer(scope: Scope, header: Record, sums: list[_Sum], faults: list[str]) -> str:
    start = f"{_capital(header['narration'])}, {day(header['entry_date'])}."
    if faults:
        return f"{start} Not sound: {'; '.join(faults)}."
    families = listed([family for family in FAMILIES if any(each.family == family for each in sums)])
    apart = f", {families} apart," if len({each.family for each in sums}) > 1 else ""
    return f"{start} It balances{apart} in each currency and in {scope.currency}, and its content is what was written."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _facts(scope: Scope, sums: list[_Sum]) -> tuple[Fact, ...]:
    return tuple(
        Fact(
            f"{each.family.capitalize()} lines",
            exact(each.debits, scope.currency),
            f"debits, against {exact(each.credits, scope.currency)}"
            if each.difference
            else "debits, and as much in credits",
        )
        for each in sums
        if each.is_base
    )


def _header_table(header: Record, recomputed: str) -> Table:
    same = "the same" if recomputed == header["digest"] else recomputed
    rows: list[Row] = [
        ("number", str(header["entry_id"])),
        ("reference", header["reference"]),
        ("kind", header["kind"]),
        ("in words", header["narration"]),
        ("purpose", header["purpose"]),
        ("entry date", plain(header["entry_date"])),
        ("recorded at", f"{plain(header['recorded_at'])} UTC"),
        ("by", header["actor"]),
        ("command", header["command"]),
        ("log row", str(header["log_id"])),
        ("file", header["file"]),
        ("the file's SHA-256", header["file_digest"]),
        ("digest", header["digest"]),
        ("digest recomputed", same),
    ]
    columns = (Column("what", "What"), Column("says", "What the book says", is_whole=True))
    return Table("entry", "Entry", columns, tuple(row for row in rows if row[1] is not None))


def _lines_table(scope: Scope, lines: list[Record]) -> Table:
    rows = tuple(
        (
            *(line["line"], line["family"], line["account"], line["currency"]),
            *_sides(scope, line["amount"], line["base_amount"]),
            *_sides(scope, line["base_amount"], line["amount"]),
            *(line["contribution_id"], line["request_id"], line["commitment_id"], line["party_id"]),
        )
        for line in lines
    )
    columns = (
        Column("line", "Line", "count"),
        Column("family", "Family"),
        Column("account", "Account"),
        Column("currency", "Currency"),
        Column("debit", "Debit", "amount"),
        Column("credit", "Credit", "amount"),
        Column("base_debit", f"Debit, {scope.currency}", "amount"),
        Column("base_credit", f"Credit, {scope.currency}", "amount"),
        Column("contribution_id", "Contribution"),
        Column("request_id", "Request"),
        Column("commitment_id", "Agreement"),
        Column("party_id", "Donor or implementer"),
    )
    return Table("lines", "Lines: money first", columns, rows, is_whole=True)


def _sides(scope: Scope, amount: Decimal, other: Decimal) -> tuple[Decimal | None, Decimal | None]:
    """Return an amount as debit or credit; nothing, such as the amount of a revaluation, on the side of the other."""
    shown = scope.money(abs(amount))
    return (shown, None) if (amount or other) >= 0 else (None, shown)


def _totals_table(sums: list[_Sum]) -> Table:
    rows: tuple[Row, ...] = tuple(
        (
            each.family,
            f"base amounts, {each.currency}" if each.is_base else f"amounts in {each.currency}",
            *(each.debits, each.credits, each.difference),
        )
        for each in sums
    )
    columns = (
        Column("family", "Family"),
        Column("what", "What is summed"),
        Column("debits", "Debits", "amount"),
        Column("credits", "Credits", "amount"),
        Column("difference", "Difference", "amount"),
    )
    return Table("totals", "Totals: each family balances by itself", columns, rows)


def _trail_table(steps: list[Step]) -> Table:
    rows = tuple(step.cells() for step in steps)
    return Table("trail", "What stands behind it", COLUMNS, rows, note=behind(1), is_whole=True)


def _definitions() -> tuple[tuple[str, str], ...]:
    return (
        ("Entry date, recorded at", "The day on which the entry counts, and when it was written to the book."),
        ("Money, budget, memo", "Families of accounts that balance apart: no entry moves anything between them."),
        ("Base amount", "The same amount in the book's currency, converted once, when it was posted."),
        (
            "Digest",
            "SHA-256 of the entry's content, stored with it. It is recomputed here by other code than wrote it: had a "
            "cent, a date or a word been changed since, the two would differ.",
        ),
    )
