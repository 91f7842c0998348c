"""An auditor's sample: entries that move money, drawn by a written rule from a seed, each with its whole trail.

The rules are in `reports.selection`. What is drawn depends on the seed, the size, and the entries in scope alone: what
was written later than `known_at`, or is dated later than `as_of`, changes nothing.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from ledgers.store import Book
from reports.report import Bar, Bars, Fact, Report
from reports.sample_drawn import Sample, drawn
from reports.sample_tables import percent, sample_tables
from reports.scope import scope_of
from reports.selection import Plan
from reports.table import plain
from reports.wording import counted, day, exact, share, spoken, verb


def report(
    book: Book,
    *,
    seed: int,
    size: int,
    by: str = "value",
    kind: str | None = None,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> Report:
    """Return a sample.

    Args:
        book: The open book.
        seed: Any whole number; the same one draws the same sample.
        size: How many entries to draw.
        by: `value`, each unit of money with the same chance, or `random`, each entry.
        kind: Only entries of this kind; all that move money when None.
        as_of: Last entry date that counts; the book's last day when None.
        known_at: Last recorded time that counts; everything written when None.

    Raises:
        SampleInvalid: the size is not above 0, or there is no such way of drawing.
        SubjectUnknown: no entry of this kind moves money.
    """
    s = drawn(scope_of(book, as_of, known_at), seed=seed, size=size, by=by, kind=kind)
    written = f" and written by {plain(s.scope.known_at)} UTC" if s.scope.known_at else ""
    return Report(
        name="sample",
        title=f"Sample of {counted(len(s.items), 'entry', 'entries')}",
        facility=s.scope.facility,
        currency=s.scope.currency,
        as_of=s.scope.as_of,
        known_at=s.scope.known_at,
        answer=_answer(s),
        facts=_facts(s),
        charts=_charts(s),
        tables=sample_tables(s),
        definitions=_definitions(s),
        sources=(
            f"The journal of {s.scope.facility}: entries dated up to {day(s.scope.as_of)}{written}.",
            "What could be drawn, and its value, is the view report.entry_values; it can be drawn again from there.",
        ),
    )


def _answer(s: Sample) -> str:
    kind = f" of kind {s.kind}" if s.kind else ""
    if not s.items:
        return f"Nothing can be drawn: no entry{kind} that moves money counts on {day(s.scope.as_of)}."
    return (
        f"Seed {s.seed} draws {len(s.items):,} of {counted(s.entries, 'entry', 'entries')}{kind} that "
        f"{verb(s.entries, 'moves', 'move')} money: {spoken(s.drawn_value(), s.scope.currency)} of "
        f"{spoken(s.value, s.scope.currency)}, {share(s.drawn_value(), s.value)}. {_way(s)}"
    )


def _way(s: Sample) -> str:
    if s.plan is None:
        same = s.items[0].chance
        return "All there are were drawn." if same == 1 else f"At random, each with the same chance: {percent(same)}."
    if not s.plan.left:
        return "By value: all there are of any value were drawn."
    many = f"{s.plan.left:,} {verb(s.plan.left, 'is', 'are')} drawn"
    each = f"one an interval of {spoken(_interval(s, s.plan), s.scope.currency)}"
    if not s.plan.certain:
        return f"By value, every unit of money with the same chance: {many}, {each}."
    large = counted(s.plan.certain, "entry", "entries")
    return (
        f"By value, every unit of money with the same chance: {large} so large that none could be missed "
        f"{verb(s.plan.certain, 'is', 'are')} taken once, and {many} from the others, {each}."
    )


def _interval(s: Sample, way: Plan) -> Decimal:
    """Return an interval's length in the book's currency, down to the unit; the table of the rule has it exactly."""
    return s.scope.money(Decimal(way.units // way.left).scaleb(-s.places))


def _facts(s: Sample) -> tuple[Fact, ...]:
    worth = exact(s.value, s.scope.currency)
    facts = [
        Fact("Drawn", counted(len(s.items), "entry", "entries"), f"of {s.entries:,}; {s.size:,} asked for"),
        Fact("Value drawn", exact(s.drawn_value(), s.scope.currency), f"{share(s.drawn_value(), s.value)} of {worth}"),
        Fact("Seed", str(s.seed), "the same seed draws the same sample"),
    ]
    if s.plan and s.plan.left:
        length = exact(_interval(s, s.plan), s.scope.currency)
        facts.append(Fact("Interval", length, f"one entry each, {s.plan.left:,} of them"))
    return tuple(facts)


def _charts(s: Sample) -> tuple[Bars, ...]:
    kinds = sorted((row for row in s.drawn_from if row["value"]), key=lambda row: (-row["value"], row["kind"]))
    if not kinds or not s.items:
        return ()
    bars = []
    for row in kinds:
        part = s.drawn_value(row["kind"])
        bars.append(Bar(row["kind"], (("drawn", part), ("not drawn", s.scope.money(row["value"]) - part))))
    said = "; ".join(f"{bar.label}: {share(bar.parts[0][1], bar.parts[0][1] + bar.parts[1][1])} drawn" for bar in bars)
    return (Bars("How much of the value was drawn", f"{said}.", s.scope.currency, ("drawn", "not drawn"), tuple(bars)),)


def _definitions(s: Sample) -> tuple[tuple[str, str], ...]:
    return (
        (
            "Moves money",
            "An entry with a line on a money or budget account: what is signed for, comes in, is reserved, paid out or "
            "given back. What is memo alone, such as a pledge, moves none.",
        ),
        (
            "Value",
            f"An entry's debits on money accounts, in {s.scope.currency}; conversion accounts do not count, because "
            "exchange only passes through them. Of an entry without lines on money accounts, such as an allocation: "
            "its debits on budget accounts.",
        ),
        ("By value", _BY_VALUE) if s.plan else ("At random", _AT_RANDOM),
        ("Chance", _CHANCE_BY_VALUE if s.plan else "The number drawn of the number of entries, the same for each."),
    )


_BY_VALUE = (
    "Every unit of money has the same chance. Largest first, an entry of value v is taken for certain, once, while v "
    "times the number still to draw is at least the value still left. The others, worth V units and n to be drawn, "
    "stand in a line in the order of their numbers. The line is cut into n intervals of V/n units, and one point is "
    "taken in each, equally far from its beginning: in nths of a unit the points are s, s + V, s + 2V and so on, s "
    'being SHA-256 of "SEED|start", read as a number, modulo V. An entry on which a point falls is drawn; none is as '
    "long as an interval, so none is drawn twice."
)
_AT_RANDOM = 'Entries in the order of SHA-256 of "SEED|REFERENCE"; the first are drawn.'
_CHANCE_BY_VALUE = (
    "A certain entry: 1. Another, of value v: exactly v·n/V, because v·n of the V possible values of s draw it."
)
