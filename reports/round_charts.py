"""The charts of a round's minutes, from recorded awards and payments."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from reports.report import Bar, Bars, Chart, Flows, Link
from reports.round_minutes import ZERO, Minutes, Record
from reports.wording import counted, place, spoken, verb

BARS_MAX = 15
"""Bars that a chart of countries shows; the rest is one bar."""


def charts(m: Minutes) -> tuple[Chart, ...]:
    """Return what to draw of a decision: who pays what, where it goes, how much was asked."""
    if not m.awards:
        return ()
    return (_flows(m), _countries(m), _asked(m))


def _flows(m: Minutes) -> Flows:
    amounts: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in m.payments:
        amounts[row["donor"], row["request_window"]] += m.scope.money(row["amount"])
    links = tuple(Link(donor, window, amount) for (donor, window), amount in sorted(amounts.items()))
    donors = len({link.source for link in links})
    description = (
        f"{counted(donors, 'donor')} {verb(donors, 'pays', 'pay')} {spoken(m.awarded, m.currency)} into "
        f"{counted(len({link.target for link in links}), 'window')}; drawn from the recorded payments."
    )
    return Flows("From donors to windows", description, m.currency, "donors", "windows", links)


def _countries(m: Minutes) -> Bars:
    amounts: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in m.award_countries:
        amounts[place(row)][row["request_window"]] += m.scope.money(row["amount"])
    ranked = sorted(amounts, key=lambda name: (-sum(amounts[name].values()), name))
    shown = ranked if len(ranked) <= BARS_MAX + 1 else ranked[:BARS_MAX]
    rest: dict[str, Decimal] = defaultdict(Decimal)
    for name in ranked[len(shown) :]:
        for window, amount in amounts[name].items():
            rest[window] += amount
    series = tuple(sorted({row["request_window"] for row in m.awards}))
    bars = [Bar(name, tuple((window, amounts[name][window]) for window in series)) for name in shown]
    if rest:
        bars.append(Bar(f"{len(ranked) - len(shown)} others", tuple((window, rest[window]) for window in series)))
    largest = sum(amounts[ranked[0]].values(), ZERO)
    description = (
        f"Awards by country and window, those for several countries split by their shares: "
        f"{counted(len(ranked), 'place')}, the largest {ranked[0]} with {spoken(largest, m.currency)}."
    )
    return Bars("Awards by country", description, m.currency, series, tuple(bars))


def _asked(m: Minutes) -> Bars:
    bars = tuple(Bar(row["request_window"], _asked_parts(m, row)) for row in m.windows)
    description = "; ".join(
        f"{row['request_window']}: {spoken(m.scope.money(row['awarded']), m.currency)} "
        f"of {spoken(m.scope.money(row['requested']), m.currency)} asked"
        for row in m.windows
    )
    return Bars("Asked and awarded by window", description + ".", m.currency, ("awarded", "asked, not awarded"), bars)


def _asked_parts(m: Minutes, row: Record) -> tuple[tuple[str, Decimal], ...]:
    left = m.scope.money(row["requested"] - row["awarded"])
    return (("awarded", m.scope.money(row["awarded"])), ("asked, not awarded", left))
