"""Awards at risk: money that was decided on and is not there any more, and which awards that touches.

Two causes: a contribution lacks money (a deposit bounced, a charge or a loss fell on it), or what rounds allocated of
money signed for is no longer covered by what is still to come (the donor reduced it, it was written off). The written
order in which awards are touched: what is not yet received, then what is allocated, then what is committed; within each
the latest allocation first, then the later request id. What is disbursed is never touched.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_UP, Decimal
from typing import Any

from ledgers.store import Book
from reports.report import Bar, Bars, Fact, Report
from reports.scope import Scope, scope_of
from reports.table import Column, Row, Table
from reports.wording import counted, day, exact, listed, spoken

ZERO = Decimal(0)
ORDER = ("uncollected", "allocated", "committed")
STAGE_WORDS = {"uncollected": "allocated, not yet received", "allocated": "allocated", "committed": "committed"}
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Gap:
    """What a contribution lacks for what was decided on of it, in the book's currency.

    Attributes:
        contribution_id: The contribution.
        donor: Whose.
        lacking: Its deficit.
        uncovered: Allocated of money signed for, beyond what is still to come, less the fees it will bear.
        expected: Still to come, less those fees.
    """

    contribution_id: str
    donor: str
    lacking: Decimal
    uncovered: Decimal
    expected: Decimal

    @property
    def amount(self) -> Decimal:
        """Return both together."""
        return self.lacking + self.uncovered


@dataclass(frozen=True, slots=True)
class Touched:
    """A part of an award that a gap touches.

    Attributes:
        gap: Whose money lacks.
        row: The allocation: request, stages, agreements.
        stage: Which stage of it.
        amount: How much.
    """

    gap: Gap
    row: Record
    stage: str
    amount: Decimal


def gaps(scope: Scope) -> list[Gap]:
    """Return every contribution with a gap, the largest first; the facility's own line is not one."""
    tiers: dict[str, list[Record]] = defaultdict(list)
    for tier in scope.records("fee_tiers"):
        tiers[tier["fee_schedule"]].append(tier)
    found = []
    for row in scope.records("outstanding_contributions"):
        expected = _expected(scope, row, tiers)
        lacking = scope.money(max(-row["available"], ZERO))
        uncovered = scope.money(max(row["uncollected"] - expected, ZERO))
        if (lacking or uncovered) and row["contribution_id"] != "FACILITY":
            found.append(Gap(row["contribution_id"], row["donor"], lacking, uncovered, expected))
    return sorted(found, key=lambda gap: (-gap.amount, gap.contribution_id))


def _expected(scope: Scope, row: Record, tiers: dict[str, list[Record]]) -> Decimal:
    """Return what is still to come of a contribution, less the most that it may bear in fees; under conditions 0."""
    if row["conditional"] or row["stage"] != "agreement":
        return scope.money(ZERO)
    schedule = tiers[row["fee_schedule"]] if row["fee_schedule"] is not None else []
    share = max((tier["share"] for tier in schedule), default=row["fee_percent"] or ZERO)
    flat = sum((tier["flat"] for tier in schedule), ZERO)
    fee = (row["base_expected"] * share).quantize(Decimal(1).scaleb(-scope.places), ROUND_UP)
    return scope.money(max(row["base_expected"] - flat - fee, ZERO))


def touched_by(scope: Scope, found: list[Gap]) -> list[Touched]:
    """Return the awards that gaps touch, in the written order."""
    rows: dict[str, list[Record]] = defaultdict(list)
    for row in scope.records("at_risk_allocations"):
        rows[row["contribution_id"]].append(row)
    touched = []
    for gap in found:
        left = gap.amount
        latest = sorted(rows[gap.contribution_id], key=lambda row: row["request_id"], reverse=True)
        latest.sort(key=lambda row: row["allocated_on"] or date.min, reverse=True)
        for stage in ORDER:
            for row in latest:
                amount = min(max(row[stage], ZERO), left)
                if amount:
                    touched.append(Touched(gap, row, stage, scope.money(amount)))
                    left -= amount
    return touched


def report(book: Book, *, as_of: date | None = None, known_at: datetime | None = None) -> Report:
    """Return what is at risk, and what can be done.

    Args:
        book: The open book.
        as_of: Last entry date that counts; the book's last day when None.
        known_at: Last recorded time that counts; everything written when None.
    """
    scope = scope_of(book, as_of, known_at)
    found = gaps(scope)
    touched = touched_by(scope, found)
    return Report(
        name="at-risk",
        title="Awards at risk",
        facility=scope.facility,
        currency=scope.currency,
        as_of=scope.as_of,
        known_at=scope.known_at,
        answer=_answer(scope, found, touched),
        facts=_facts(scope, found, touched),
        charts=_charts(scope, touched),
        tables=(_gaps_table(scope, found, touched), _touched_table(scope, touched)),
        definitions=_definitions(),
        sources=(
            f"The book of {scope.facility}: postings with an entry date up to {day(scope.as_of)}.",
            "The order is a rule for planning; nothing is taken from an award until somebody decides it.",
        ),
    )


def _gaps_table(scope: Scope, found: list[Gap], touched: list[Touched]) -> Table:
    rows: list[Row] = []
    for gap in found:
        covered = scope.money(sum((each.amount for each in touched if each.gap is gap), ZERO))
        rows.append(
            (
                *(gap.contribution_id, gap.donor, gap.lacking, gap.uncovered, gap.expected, gap.amount),
                *(covered, gap.amount - covered, _remedy(gap)),
            )
        )
    columns = (
        Column("contribution_id", "Contribution"),
        Column("donor", "Donor"),
        Column("lacking", "Deficit", "amount"),
        Column("uncovered", "Not covered", "amount"),
        Column("expected", "Still to come", "amount"),
        Column("gap", "Gap", "amount"),
        Column("touched", "Touches awards", "amount"),
        Column("gone", "Gone already", "amount"),
        Column("remedy", "What can be done"),
    )
    note = (
        "Gap = deficit + not covered. What awards have that can still be taken comes first; the rest is disbursed, "
        "used for "
        "the facility's own costs or owed to the donor, and has to come from elsewhere."
    )
    return Table("gaps", f"Contributions that lack money, {scope.currency}", columns, tuple(rows), note=note)


def _remedy(gap: Gap) -> str:
    ways = []
    if gap.lacking:
        ways.append("ask the donor to send it again, and import the deposit")
    if gap.uncovered:
        ways.append("agree the amount anew: `facility contribution amend --amount`")
    ways.append("take it from the awards, in this order")
    return "; ".join(ways)


def _touched_table(scope: Scope, touched: list[Touched]) -> Table:
    rows = tuple(
        (
            *(place, each.gap.contribution_id, each.row["request_id"], each.row["title"] or each.row["applicant"]),
            *(STAGE_WORDS[each.stage], each.row["allocated_on"], each.amount, scope.money(each.row["disbursed"])),
            _way(each),
        )
        for place, each in enumerate(touched, start=1)
    )
    columns = (
        Column("place", "No.", "count"),
        Column("contribution_id", "Money of"),
        Column("request_id", "Request"),
        Column("title", "For"),
        Column("stage", "Stage"),
        Column("allocated_on", "Allocated on", "date"),
        Column("amount", "Touched", "amount"),
        Column("disbursed", "Disbursed, stays", "amount"),
        Column("way", "What can be done"),
    )
    whole = scope.money(sum((each.amount for each in touched), ZERO))
    total: Row = (None, "Total", *([None] * 4), whole, None, None)
    note = (
        "Order: not yet received, then allocated, then committed; within each the latest allocation first, then "
        "the later "
        "request id. What is disbursed is never touched."
    )
    return Table("awards", f"Awards touched, {scope.currency}", columns, rows, note=note, total=total)


def _way(each: Touched) -> str:
    if each.stage == "committed":
        return f"release it from {each.row['agreements']}: `facility grant release`"
    if each.stage == "uncollected":
        return "agree other money for it, or let it go: a `lapse` in `facility import entries`"
    return "cancel it: a `cancellation` in `facility import entries`"


def _answer(scope: Scope, found: list[Gap], touched: list[Touched]) -> str:
    if not found:
        return f"On {day(scope.as_of)} no award is at risk: every contribution covers what was decided on of it."
    whole = sum((gap.amount for gap in found), ZERO)
    requests = sorted({each.row["request_id"] for each in touched})
    return (
        f"On {day(scope.as_of)} {listed([gap.contribution_id for gap in found])} "
        f"{'lack' if len(found) > 1 else 'lacks'} {spoken(whole, scope.currency)} for what was decided on; that "
        "touches "
        f"{counted(len(requests), 'request')}, "
        f"{spoken(sum((each.amount for each in touched), ZERO), scope.currency)} in all."
    )


def _facts(scope: Scope, found: list[Gap], touched: list[Touched]) -> tuple[Fact, ...]:
    whole = sum((gap.amount for gap in found), ZERO)
    by_stage: dict[str, Decimal] = defaultdict(Decimal)
    for each in touched:
        by_stage[each.stage] += each.amount
    rest = whole - sum(by_stage.values(), ZERO)
    return (
        Fact("Gap", exact(scope.money(whole), scope.currency), counted(len(found), "contribution")),
        *(
            Fact(STAGE_WORDS[stage].capitalize(), exact(scope.money(by_stage[stage]), scope.currency), "touched")
            for stage in ORDER
        ),
        Fact("Gone already", exact(scope.money(rest), scope.currency), "no award has it any more"),
    )


def _charts(scope: Scope, touched: list[Touched]) -> tuple[Bars, ...]:
    if not touched:
        return ()
    by_request: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for each in touched:
        by_request[each.row["request_id"]][each.stage] += each.amount
    series = tuple(STAGE_WORDS[stage] for stage in ORDER)
    bars = tuple(
        Bar(request, tuple((STAGE_WORDS[stage], scope.money(parts[stage])) for stage in ORDER))
        for request, parts in list(by_request.items())[:20]
    )
    said = "; ".join(
        f"{bar.label} {spoken(sum((amount for _, amount in bar.parts), ZERO), scope.currency)}" for bar in bars
    )
    return (Bars("Requests touched", f"By request: {said}.", scope.currency, series, bars),)


def _definitions() -> tuple[tuple[str, str], ...]:
    return (
        ("Deficit", "What is decided on of a contribution beyond what is there: its available money is below zero."),
        ("Not covered", "Allocated of money signed for, beyond what is still to come of it after fees."),
        (
            "Still to come",
            "Receivable and notes at the value of signing, less the most that may be charged; under conditions "
            "nothing.",
        ),
        ("Touched", "Would be cut if the gap fell on the awards, in the written order."),
    )
