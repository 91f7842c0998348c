"""Random histories against a naive book of fractions: every balance agrees after each step."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from books import balance, contribution, deposit, entry, rate, refusal, take
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledgers.store import Book

PLACES = {"USD": 2, "EUR": 2, "JPY": 0, "KWD": 3}
DAYS = ("2024-01-10", "2024-01-20", "2024-02-05")
IDS = ("C1", "C2")
EXAMPLES = 60 if os.environ.get("FACILITY_TEST_PROFILE") == "thorough" else 6


def rounded(value: Fraction, currency: str) -> Fraction:
    """Return a value at its currency's places, half up; no value here is negative."""
    scale = 10 ** PLACES[currency]
    return Fraction((value * scale + Fraction(1, 2)).__floor__(), scale)


@dataclass
class Line:
    """A contribution in the naive book."""

    currency: str
    amount: Fraction
    base: Fraction
    outstanding: Fraction
    carrying: Fraction
    available: Fraction = Fraction(0)
    unapplied: dict[str, Fraction] = field(default_factory=dict)
    exchange: Fraction = Fraction(0)


@dataclass
class Naive:
    """A book without a database: what each step should do, in words of one syllable."""

    rates: dict[tuple[str, str], Fraction]
    lines: dict[str, Line] = field(default_factory=dict)
    cash: dict[str, Fraction] = field(default_factory=dict)
    allocated: dict[str, Fraction] = field(default_factory=dict)

    def rate(self, currency: str, day: str) -> Fraction:
        return Fraction(1) if currency == "USD" else self.rates[currency, day]

    def sign(self, name: str, currency: str, amount: Fraction) -> None:
        base = rounded(amount / self.rate(currency, DAYS[0]), "USD")
        self.lines[name] = Line(currency, amount, base, amount, base)

    def receive(self, name: str, currency: str, amount: Fraction, day: str) -> None:
        line = self.lines[name]
        base = amount if currency == "USD" else rounded(amount / self.rate(currency, day), "USD")
        if currency == line.currency:
            worth = amount
        elif line.currency == "USD":
            worth = base
        else:
            worth = rounded(amount / self.rate(currency, day) * self.rate(line.currency, day), line.currency)
        taken = min(worth, line.outstanding)
        if taken == 0:
            own, own_base = Fraction(0), Fraction(0)
        elif taken == worth:
            own, own_base = amount, base
        else:
            own, own_base = rounded(amount * taken / worth, currency), rounded(base * taken / worth, "USD")
        done = line.amount - line.outstanding
        goes = rounded(line.base * (done + taken) / line.amount, "USD") - rounded(line.base * done / line.amount, "USD")
        line.outstanding -= taken
        line.carrying -= goes
        line.available += own_base
        line.exchange += own_base - goes
        line.unapplied[currency] = line.unapplied.get(currency, Fraction(0)) + amount - own
        self.cash[currency] = self.cash.get(currency, Fraction(0)) + amount


amounts = st.integers(1, 10**7)
contributions = st.tuples(st.sampled_from(list(PLACES)), amounts)
steps = st.one_of(
    st.tuples(
        st.just("deposit"), st.sampled_from(IDS), st.sampled_from(list(PLACES)), amounts, st.sampled_from(DAYS[1:])
    ),
    st.tuples(st.just("administration"), st.sampled_from(IDS), st.integers(1, 10**6)),
    st.tuples(st.just("cancellation"), st.integers(1, 10**6)),
)
rate_cells = st.integers(1, 10**6).map(lambda n: Decimal(n).scaleb(-3))


@settings(
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
@given(
    st.tuples(contributions, contributions),
    st.lists(rate_cells, min_size=9, max_size=9),
    st.lists(steps, min_size=1, max_size=6),
)
def test_the_book_agrees_with_a_naive_book_of_fractions_after_every_step(
    fresh_book: Callable[[], Book],
    signed: tuple[tuple[str, int], tuple[str, int]],
    cells: list[Decimal],
    history: list[tuple[str, ...]],
) -> None:
    book = fresh_book()
    days = [(currency, day) for currency in ("EUR", "JPY", "KWD") for day in DAYS]
    naive = Naive({key: Fraction(cell) for key, cell in zip(days, cells, strict=True)})
    take(book, "rates", *(rate(*key, str(cell)) for key, cell in zip(days, cells, strict=True)))
    rows = []
    for name, (currency, units) in zip(IDS, signed, strict=True):
        naive.sign(name, currency, Fraction(units, 10 ** PLACES[currency]))
        rows.append(contribution(name, currency=currency, amount=_text(units, currency)))
    take(book, "contributions", *rows)
    for number, step in enumerate(history):
        _apply(book, naive, f"X{number}", step)
        _compare(book, naive)
    book.close()


def _text(units: int, currency: str) -> str:
    return f"{Decimal(units).scaleb(-PLACES[currency]):f}"


def _apply(book: Book, naive: Naive, name: str, step: tuple[object, ...]) -> None:
    kind = step[0]
    if kind == "deposit":
        _, line, currency, units, day = step
        naive.receive(str(line), str(currency), Fraction(int(str(units)), 10 ** PLACES[str(currency)]), str(day))
        take(
            book,
            "deposits",
            deposit(name, str(line), currency=currency, amount=_text(int(str(units)), str(currency)), received_on=day),
        )
    elif kind == "administration":
        _, line, units = step
        row = entry(name, "administration", _text(int(str(units)), "USD"), purpose="p", contribution_id=line)
        amount = Fraction(int(str(units)), 100)
        if amount > naive.lines[str(line)].available:
            assert {f.code for f in refusal(book, "entries", row)} == {"available-exceeded"}
            return
        take(book, "entries", row)
        naive.lines[str(line)].available -= amount
        naive.allocated[str(line)] = naive.allocated.get(str(line), Fraction(0)) + amount
    else:
        units = int(str(step[1]))
        row = entry(name, "cancellation", _text(units, "USD"), purpose="p")
        held = {key: value for key, value in sorted(naive.allocated.items()) if value}
        total = sum(held.values(), Fraction(0))
        if Fraction(units, 100) > total:
            assert {f.code for f in refusal(book, "entries", row)} <= {"nothing-allocated", "allocated-exceeded"}
            return
        take(book, "entries", row)
        exact = {key: units * value / total for key, value in held.items()}
        parts = {key: share.__floor__() for key, share in exact.items()}
        by_rest = sorted(parts, key=lambda key: (parts[key] - exact[key], key))
        for key in by_rest[: units - sum(parts.values())]:
            parts[key] += 1
        for key, part in parts.items():
            naive.allocated[key] -= Fraction(part, 100)
            naive.lines[key].available += Fraction(part, 100)


def _compare(book: Book, naive: Naive) -> None:
    for name, line in naive.lines.items():
        assert balance(book, "asset:receivable", name) == line.outstanding
        assert balance(book, "asset:receivable", name, base=True) == line.carrying
        assert balance(book, "budget:available", name) == line.available
        assert balance(book, "budget:allocated", name) == naive.allocated.get(name, 0)
        gain = balance(book, "income:exchange", name, base=True) + balance(book, "expense:exchange", name, base=True)
        assert -gain == line.exchange
        waiting = book.connection.execute(
            "select currency, -sum(amount) from ledger.posting "
            "where account = 'liability:unapplied-receipts' and contribution_id = ? group by all",
            [name],
        ).fetchall()
        assert {c: Fraction(a) for c, a in waiting if a} == {c: a for c, a in line.unapplied.items() if a}
    held = book.connection.execute(
        "select currency, sum(amount) from ledger.posting where account = 'asset:cash:main' group by all"
    ).fetchall()
    assert {c: Fraction(a) for c, a in held if a} == {c: a for c, a in naive.cash.items() if a}
