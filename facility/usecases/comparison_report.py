"""A comparison of decisions as a report: an answer, figures, charts and tables, for terminals, files and pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from allocation.comparison import Amounts, AwardRow, Change, Comparison, Side, value_of
from allocation.decision import LimitOutcome
from ledgers.money import major_units
from reports.report import Bar, Bars, Fact, Report
from reports.table import Cell, Column, Row, Table
from reports.wording import counted, day, exact, limit_words, listed, place, place_name, plain_words, share

NAME_MAX = 24
"""Characters of a side's name at the head of a column."""

BARS_MAX = 8
"""Regions that the chart shows; the table has them all."""

_ORDER: tuple[Change, ...] = ("lost", "gained", "cut", "raised", "same", "never")


def comparison_report(
    comparison: Comparison,
    *,
    facility: str,
    changes: Mapping[str, Sequence[str]],
    titles: Mapping[str, str],
) -> Report:
    """Return decisions side by side as a report.

    Args:
        comparison: What to show.
        facility: Whose round it is.
        changes: What each side's scenario differs in, one sentence each, by the side's name.
        titles: What requests are for, by id.
    """
    shown = _Shown(comparison, changes, titles)
    first = comparison.sides[0].problem
    return Report(
        name="comparison",
        title=f"Round {first.round_id.partition('|')[0]}: {counted(len(comparison.sides), 'decision')} side by side",
        facility=facility,
        currency=first.currency,
        as_of=first.on,
        known_at=None,
        answer=shown.answer(),
        facts=tuple(shown.fact(side) for side in comparison.sides),
        charts=shown.charts(),
        tables=shown.tables(),
        definitions=_DEFINITIONS,
        sources=shown.sources(),
    )


class _Shown:
    """One comparison in words, figures and tables."""

    def __init__(self, comparison: Comparison, changes: Mapping[str, Sequence[str]], titles: Mapping[str, str]) -> None:
        self.comparison, self.changes, self.titles = comparison, changes, titles
        self.sides = comparison.sides
        self.first = comparison.sides[0]
        self.currency = self.first.problem.currency
        self.heads = [f"{n} {_cut(side.name)}" for n, side in enumerate(self.sides, 1)]
        self.subjects = {r.request_id: r for side in reversed(self.sides) for r in side.problem.requests}

    def money(self, minor: int) -> Decimal:
        return major_units(minor, self.currency)

    def answer(self) -> str:
        return " ".join(self._sentence(number, side) for number, side in enumerate(self.sides[1:], 1))

    def _sentence(self, number: int, side: Side) -> str:
        """Return what one side does against the first, in a sentence."""
        if side.decision.status == "infeasible" or self.first.decision.status == "infeasible":
            return " ".join(_impossible(each) for each in (self.first, side) if each.decision.status == "infeasible")
        found = {change: len(self.comparison.changed(number, change)) for change in _ORDER}
        amounts = found["raised"] + found["cut"]
        before = len(self.first.awards)
        funds = "as many" if before == len(side.awards) else f"{before:,}"
        return (
            f'"{side.name}" funds {counted(len(side.awards), "request")}, "{self.first.name}" {funds}: '
            f"{found['gained']:,} gained, {found['lost']:,} lost, {amounts:,} with another "
            f"amount. It awards {self._difference(side)}."
        )

    def _difference(self, side: Side) -> str:
        """Return how much more or less a side awards, in money and by the first side's merit."""
        money = self.money(side.decision.awarded - self.first.decision.awarded)
        how = f"{exact(abs(money), self.currency)} {'more' if money > 0 else 'less'}" if money else "the same amount"
        before, after = (_decimal(value_of(each, self.first.problem)) for each in (self.first, side))
        name = self.first.problem.policy.objective
        if before == after:
            return f'{how} and reaches the same {name}, as "{self.first.name}" counts it'
        sign, word = ("+", "more") if after > before else ("−", "less")
        part = f" ({sign}{share(abs(after - before), before)})" if before else ""
        reaches = f"{abs(after - before):,.0f} {word} {name}{part}"
        return f'{how} and reaches {reaches}, as "{self.first.name}" counts it'

    def fact(self, side: Side) -> Fact:
        decision = side.decision
        if decision.status == "infeasible":
            return Fact(side.name, "no decision is possible", listed([f'"{name}"' for name in decision.conflict]))
        gap = "0" if not decision.gap else f"{decision.gap:.1e}"
        note = (
            f"{counted(len(decision.awards), 'award')}; {decision.objective_name} {_decimal(decision.objective):,.2f}, "
            f"{decision.status}, gap {gap}"
        )
        return Fact(side.name, exact(self.money(decision.awarded), self.currency), note)

    def charts(self) -> tuple[Bars, ...]:
        if not any(side.awards for side in self.sides):
            return ()
        regions = sorted(self.comparison.regions, key=lambda row: (-max(row.amounts), row.name))
        more = len(regions) - BARS_MAX
        beyond = f"; the {BARS_MAX} largest of {len(regions)}" if more > 0 else ""
        return (
            self._bars("Awards by window", self.comparison.windows, ""),
            self._bars("Awards by region", regions[:BARS_MAX], beyond),
        )

    def _bars(self, title: str, rows: Sequence[Amounts], beyond: str) -> Bars:
        bars = [
            Bar(f"{place_name(row.name)} · {number}", ((head, self.money(amount)),))
            for row in rows
            for number, (head, amount) in enumerate(zip(self.heads, row.amounts, strict=True), 1)
        ]
        description = f"{'; '.join(f'{n}: {side.name}' for n, side in enumerate(self.sides, 1))}{beyond}."
        return Bars(title, description, self.currency, tuple(self.heads), tuple(bars))

    def tables(self) -> tuple[Table, ...]:
        differing = [row for row in self.comparison.awards if any(c not in ("same", "never") for c in row.changes)]
        same = sum(1 for row in self.comparison.awards if any(row.awarded) and row not in differing)
        note = f"{counted(same, 'award')} the same on every side."
        return (
            self._awards("changes", "Awards that differ", sorted(differing, key=self._rank), note),
            self._scenarios(),
            self._sides(),
            self._stages(),
            self._sums("windows", "Window", self.comparison.windows),
            self._sums("regions", "Region", self.comparison.regions),
            self._sums("donors", "Donor", self.comparison.donors),
            self._earmarks(),
            self._limits(),
            self._awards("awards", "Every award", [row for row in self.comparison.awards if any(row.awarded)], ""),
        )

    def _rank(self, row: AwardRow) -> tuple[int, int, str]:
        return _ORDER.index(row.changes[0]), -max(row.awarded), row.request_id

    def _columns(self, prefix: str, kind: str = "amount") -> tuple[Column, ...]:
        return tuple(
            Column(f"{prefix}_{number}", head, "amount" if kind == "amount" else "text")
            for number, head in enumerate(self.heads, 1)
        )

    def _awards(self, name: str, title: str, rows: Sequence[AwardRow], note: str) -> Table:
        is_pair = len(self.sides) == 2
        changes = tuple(
            Column(f"change_{n}", "change" if is_pair else f"change in {n}") for n in range(2, len(self.sides) + 1)
        )
        columns = (
            Column("request_id", "request"),
            Column("title", "for"),
            Column("country", "where"),
            Column("window", "window"),
            Column("merit", "merit", "amount"),
            Column("asked", "asked", "amount"),
            *self._columns("awarded"),
            *changes,
        )
        table = tuple(self._award(row) for row in rows)
        sums = [self.money(sum(row.awarded[n] for row in rows)) for n in range(len(self.sides))]
        total: Row = ("total", None, None, None, None, None, *sums, *(None for _ in changes))
        return Table(name, f"{title}, {self.currency}", columns, table, note=note, total=total)

    def _award(self, row: AwardRow) -> Row:
        request = self.subjects[row.request_id]
        asked = next(ask for ask in row.asked if ask is not None)
        return (
            row.request_id,
            self.titles.get(row.request_id) or request.subject.applicant,
            place({"country": request.subject.country}),
            request.subject.window,
            _decimal(request.merit),
            self.money(asked),
            *(self.money(amount) for amount in row.awarded),
            *(_changed(change) for change in row.changes),
        )

    def _scenarios(self) -> Table:
        rows = tuple((side.name, change) for side in self.sides for change in self.changes.get(side.name, ()))
        return Table("scenarios", "What differs from the round", (Column("side", "in"), Column("change", "what")), rows)

    def _sides(self) -> Table:
        rows = tuple(
            (
                number,
                side.name,
                side.decision.status,
                side.decision.objective_name,
                _decimal(side.decision.objective),
                None if side.decision.bound is None else _decimal(side.decision.bound),
                _decimal(value_of(side, self.first.problem)),
                len(side.awards),
                self.money(side.decision.resources),
                self.money(side.decision.awarded),
                self.money(side.decision.resources - side.decision.awarded),
            )
            for number, side in enumerate(self.sides, 1)
        )
        columns = (
            Column("side", "no.", "count"),
            Column("name", "decision"),
            Column("status", "status"),
            Column("objective", "objective"),
            Column("value", "value", "amount"),
            Column("bound", "bound", "amount"),
            Column("value_as_1", "as 1 counts it", "amount"),
            Column("awards", "awards", "count"),
            Column("resources", "resources", "amount"),
            Column("awarded", "awarded", "amount"),
            Column("unspent", "unspent", "amount"),
        )
        return Table("sides", f"The decisions, {self.currency}", columns, rows)

    def _stages(self) -> Table:
        """Return the objectives after the first, where any policy has them."""
        values = [{(stage.objective, stage.of): stage.value for stage in side.decision.stages} for side in self.sides]
        rows: list[Row] = [
            (*key, *(None if key not in each else _decimal(each[key]) for each in values))
            for key in dict.fromkeys(key for each in values for key in each)
        ]
        columns = (Column("objective", "objective"), Column("of", "of"), *self._columns("value"))
        return Table("stages", "Objectives, step by step", columns, tuple(rows))

    def _sums(self, name: str, noun: str, rows: Sequence[Amounts]) -> Table:
        is_pair = len(self.sides) == 2
        more = (Column("difference", "difference", "amount"),) if is_pair else ()
        table: list[Row] = [
            (place_name(row.name), *(self.money(a) for a in row.amounts), *self._difference_cell(row.amounts))
            for row in rows
        ]
        table.sort(key=lambda row: str(row[0]))
        sums = tuple(sum(row.amounts[n] for row in rows) for n in range(len(self.sides)))
        total: Row = ("total", *(self.money(amount) for amount in sums), *self._difference_cell(sums))
        columns = (Column(name.removesuffix("s"), noun.lower()), *self._columns("awarded"), *more)
        return Table(name, f"{noun}s, {self.currency}", columns, tuple(table), total=total)

    def _difference_cell(self, amounts: Sequence[int]) -> tuple[Decimal, ...]:
        return (self.money(amounts[1] - amounts[0]),) if len(amounts) == 2 else ()

    def _earmarks(self) -> Table:
        rows: list[Row] = [
            (row.earmark, *(self.money(a) for pair in zip(row.available, row.unspent, strict=True) for a in pair))
            for row in self.comparison.earmarks
        ]
        columns: list[Column] = [Column("earmark", "earmark")]
        for number, head in enumerate(self.heads, 1):
            columns.append(Column(f"available_{number}", f"{head}: available", "amount"))
            columns.append(Column(f"unspent_{number}", "unspent", "amount"))
        sums = [
            self.money(sum(getattr(row, name)[n] for row in self.comparison.earmarks))
            for n in range(len(self.sides))
            for name in ("available", "unspent")
        ]
        title = f"Money by earmark and what no award uses, {self.currency}"
        return Table("earmarks", title, tuple(columns), tuple(rows), total=("total", *sums))

    def _limits(self) -> Table:
        told = [
            row for row in self.comparison.limits if any(outcome is None or outcome.binding for outcome in row.outcomes)
        ]
        rows: tuple[Row, ...] = tuple(
            (limit_words(row.name), plain_words(row.side), *(self._outcome(outcome) for outcome in row.outcomes))
            for row in told
        )
        columns = (Column("limit", "limit"), Column("side", "side"), *self._columns("outcome", "text"))
        free = len(self.comparison.limits) - len(told)
        note = f"{counted(free, 'side')} of a limit binding nowhere."
        return Table("limits", "Limits that bind, or that not every policy has", columns, rows, note=note)

    def _outcome(self, outcome: LimitOutcome | None) -> Cell:
        if outcome is None:
            return "not there"
        actual, bound = (self._figure(outcome, figure) for figure in (outcome.actual, outcome.bound))
        if outcome.binding:
            return f"binding: {actual} of {bound}" if actual != bound else f"binding at {bound}"
        return f"{actual} of {bound}"

    def _figure(self, outcome: LimitOutcome, figure: Fraction) -> str:
        if outcome.unit == "money":
            figure = figure * Fraction(self.money(1))
        number = _decimal(figure)
        return f"{int(number):,}" if outcome.unit == "count" else f"{number:,}"

    def sources(self) -> tuple[str, ...]:
        return (
            f"The round as frozen on {day(self.first.problem.on)}; scenarios change it on paper only: nothing of them "
            "is in the book, and none of their decisions can be approved or posted.",
            *(
                f"{side.name}: inputs {side.decision.inputs}, decision {side.decision.digest()}, "
                f"{side.decision.solver}."
                for side in self.sides
            ),
        )


def _cut(name: str) -> str:
    return name if len(name) <= NAME_MAX else name[: NAME_MAX - 1].rstrip() + "…"


def _changed(change: Change) -> str:
    return "" if change in ("same", "never") else change


def _decimal(figure: Fraction) -> Decimal:
    """Return a figure to two places, or to four where it has more."""
    number = Decimal(figure.numerator) / Decimal(figure.denominator)
    short = number.quantize(Decimal("0.01"))
    return short if short == number else number.quantize(Decimal("0.0001"))


def _impossible(side: Side) -> str:
    names = [f'"{limit_words(name)}"' for name in side.decision.conflict]
    return f'"{side.name}" has no decision: {listed(names)} cannot {"be kept" if len(names) == 1 else "hold together"}.'


_DEFINITIONS = (
    ("How good", "Each decision is the best within its gap; of two that are worth the same, either may stand here."),
    ("Gained, lost", "A request that is funded on this side and not on the first; or on the first and not on this."),
    ("Raised, cut", "A request that both fund, with more or with less than on the first."),
    (
        "As 1 counts it",
        "What the awards are worth by the merit and the objective of the first decision: one yardstick.",
    ),
    ("Unspent", "Available money that no award uses, the policy's reserve included."),
    ("Binding", "A limit that would not allow one unit more, or less for a floor."),
    ("Region", "M49 sub-region; a request in several countries counts by its shares, a global one as global."),
    ("Earmark", "The donor's restriction in the facility's term language."),
)
