"""The tables of an auditor's sample: what was drawn, the trail of each, what it was drawn from, and how."""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction

from reports.entry_digest import content_digest
from reports.sample_drawn import Item, Record, Sample
from reports.selection import Plan
from reports.table import Column, Row, Table, plain
from reports.trail import COLUMNS, Step, behind, trails
from reports.wording import exact, listed


def sample_tables(s: Sample) -> tuple[Table, ...]:
    """Return the tables, what was drawn first."""
    return (_items(s), _trail(s), _population(s), _rule(s))


def percent(chance: Fraction) -> str:
    """Return a chance in percent, with four digits that say something; what is sure is `certain`.

    >>> percent(Fraction(1, 3)), percent(Fraction(1, 3_000_000)), percent(Fraction(1))
    ('33.33 %', '0.00003333 %', 'certain')
    """
    if chance == 1:
        return "certain"
    rounded = Context(prec=4).divide(Decimal(100 * chance.numerator), Decimal(chance.denominator))
    return f"{rounded.normalize():f} %"


def _items(s: Sample) -> Table:
    rows = tuple(
        (
            *(number, item.header["entry_id"], item.header["reference"], item.header["kind"]),
            *(item.header["entry_date"], item.value, percent(item.chance), str(item.chance)),
            *((item.interval_no, item.unit_no) if s.plan else ()),
        )
        for number, item in enumerate(s.items, start=1)
    )
    intervals = (Column("interval", "Interval", "count"), Column("unit", "Unit drawn", "count"))
    columns = (
        Column("item", "Item", "count"),
        Column("entry_id", "Entry", "count"),
        Column("reference", "Reference", is_whole=True),
        Column("kind", "Kind"),
        Column("entry_date", "Entry date", "date"),
        Column("value", f"Value, {s.scope.currency}", "amount"),
        Column("chance", "Chance"),
        Column("chance_exact", "Exactly"),
        *(intervals if s.plan else ()),
    )
    note = "Chance is that which the entry had of being drawn. "
    note += "An entry without an interval was certain." if s.plan else "Every entry had the same."
    return Table("items", f"Drawn, {s.scope.currency}", columns, rows, note=note, is_whole=True)


def _trail(s: Sample) -> Table:
    headers = [item.header for item in s.items]
    entry_ids = [header["entry_id"] for header in headers]
    lines = s.scope.records("entry_lines", entry_ids=entry_ids)
    found = trails(s.scope, headers)
    rows: list[Row] = []
    for number, item in enumerate(s.items, start=1):
        mine = [line for line in lines if line["entry_id"] == item.header["entry_id"]]
        steps = [_entry(s, item, mine), *(_line(s, line) for line in mine), *found[item.header["entry_id"]]]
        rows += [(number, *step.cells()) for step in steps]
    columns = (Column("item", "Item", "count"), *COLUMNS)
    note = (
        f"'As written' says that an entry's digest, recomputed from its content, is the one that it has.\n{behind(2)}"
    )
    return Table("trail", "Trail of each item", columns, tuple(rows), note=note, is_whole=True)


def _entry(s: Sample, item: Item, lines: list[Record]) -> Step:
    header = item.header
    same = content_digest(header, lines) == header["digest"]
    says = f"{header['narration']}; {'as written' if same else 'NOT AS WRITTEN: its content has another digest'}"
    which = str(header["entry_id"])
    return Step("entry", which, header["entry_date"], item.value, s.scope.currency, says, header["digest"])


def _line(s: Sample, line: Record) -> Step:
    says = "debit" if (line["amount"] or line["base_amount"]) >= 0 else "credit"
    says += f", of {line['contribution_id']}" if line["contribution_id"] else ""
    says += f", for {line['request_id']}" if line["request_id"] else ""
    if line["currency"] != s.scope.currency or line["amount"] != line["base_amount"]:
        says += f"; {exact(s.scope.money(abs(line['base_amount'])), s.scope.currency)} in the book's currency"
    amount = s.scope.money(abs(line["amount"]))
    return Step(f"line {line['line']}", line["account"], None, amount, line["currency"], says)


def _population(s: Sample) -> Table:
    rows = tuple(
        (
            *(row["kind"], row["moving"], s.scope.money(row["value"])),
            *(sum(item.header["kind"] == row["kind"] for item in s.items), s.drawn_value(row["kind"])),
        )
        for row in s.drawn_from
    )
    columns = (
        Column("kind", "Kind"),
        Column("entries", "Entries", "count"),
        Column("value", f"Value, {s.scope.currency}", "amount"),
        Column("drawn", "Drawn", "count"),
        Column("drawn_value", f"Value drawn, {s.scope.currency}", "amount"),
    )
    total: Row = ("Total", s.entries, s.value, len(s.items), s.drawn_value())
    return Table("population", "What was drawn from", columns, rows, note=_left_out(s), total=total)


def _left_out(s: Sample) -> str:
    """Return which entries could not be drawn, and why."""
    memo = [(row["kind"], row["entries"] - row["moving"]) for row in s.population]
    others = [(row["kind"], row["moving"]) for row in s.population if row not in s.drawn_from]
    empty = [(row["kind"], row["without_value"]) for row in s.drawn_from if s.plan]
    said = [
        f"{why}: {listed([f'{count:,} {kind}' for kind, count in counts if count])}"
        for why, counts in (
            ("on memo accounts alone, where no money moves", memo),
            ("of other kinds", others),
            ("of no value, which only a sample at random can draw", empty),
        )
        if any(count for _, count in counts)
    ]
    return f"Left out: {'; '.join(said)}." if said else "Nothing in scope was left out."


def _rule(s: Sample) -> Table:
    rows: list[Row] = [
        ("seed", str(s.seed), "the auditor's choice"),
        ("size", str(s.size), "entries asked for"),
        ("by", s.by, "each unit of money has the same chance" if s.plan else "each entry has the same chance"),
        *([("kind", s.kind, "the only kind drawn from")] if s.kind else []),
        ("entries", str(s.entries), "could be drawn"),
        ("value", plain(s.value), f"{s.scope.currency}, what they are worth"),
        *(_rule_by_value(s, s.plan) if s.plan else []),
    ]
    columns = (Column("what", "What"), Column("value", "Value", is_whole=True), Column("says", "In words"))
    return Table("rule", "How it was drawn", columns, tuple(rows))


def _rule_by_value(s: Sample, way: Plan) -> list[Row]:
    """Return what a sample by value is drawn with; fractions are exact."""
    least = f", worth {way.cut:,} units or more" if way.cut else ""
    rows: list[Row] = [
        ("unit", f"{Decimal(1).scaleb(-s.places):f}", f"{s.scope.currency}, what is counted"),
        ("certain", str(way.certain), f"entries taken for certain{least}"),
        ("intervals", str(way.left), f"entries drawn from {'the others' if way.certain else 'the line'}"),
    ]
    if way.left:
        rows += [
            ("units", str(way.units), "length of the line"),
            ("interval", f"{way.units}/{way.left}", f"{_mixed(way.units, way.left)} units"),
            ("first point", f"{way.start}/{way.left}", f"{_mixed(way.start, way.left)} units from its beginning"),
        ]
    return rows


def _mixed(numerator: int, denominator: int) -> str:
    """Return an exact quotient.

    >>> _mixed(37, 3), _mixed(36, 3)
    ('12 1/3', '12')
    """
    whole, rest = divmod(numerator, denominator)
    return f"{whole:,} {rest:,}/{denominator:,}" if rest else f"{whole:,}"
